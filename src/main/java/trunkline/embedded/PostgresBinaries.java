package trunkline.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The programs `initdb`, `pg_ctl` and `postgres`, unpacked once per version into a cache folder.
record PostgresBinaries(Platform platform, Path folder) {

  Path program(String name) {
    return folder.resolve("bin").resolve(platform.program(name));
  }

  /// Finds the unpacked programs, or unpacks them: into the user's cache folder, or into `fallback`
  /// where that cannot be written. Two processes may do so at once.
  static PostgresBinaries unpacked(Path fallback) throws IOException {
    var platform = Platform.ofThisMachine();
    var archive = BinariesArchive.of(platform);
    var name = "postgres-" + archive.fingerprint();
    var own = cacheFolder(platform, System.getenv());
    // Looked for first: what is there can be run where nothing can be written.
    if (Files.isDirectory(own.resolve(name))) {
      return new PostgresBinaries(platform, own.resolve(name));
    }
    var cache = isWritable(own) ? own : fallback;
    var folder = cache.resolve(name);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(cache);
      try (var _ = FolderLock.take(cache)) {
        if (!Files.isDirectory(folder)) {
          unpack(archive, cache.resolve(name + ".unpacking"), folder);
        }
      }
    }
    return new PostgresBinaries(platform, folder);
  }

  private static void unpack(BinariesArchive archive, Path unpacking, Path folder)
      throws IOException {
    Folders.delete(unpacking);
    try {
      archive.unpack(unpacking);
      // The rename is the moment from which others may use it: never half a server.
      Folders.rename(unpacking, folder);
    } catch (IOException e) {
      try {
        Folders.delete(unpacking); // a full disk should not stay full
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /// Root runs the server as another account, which cannot read root's home.
  static Path cacheFolder(Platform platform, Map<String, String> environment) {
    if (PostgresAccount.isRoot(platform)) {
      return Path.of("/var/cache/trunkline");
    }
    var configured =
        environment.getOrDefault(platform.isWindows() ? "LOCALAPPDATA" : "XDG_CACHE_HOME", "");
    return configured.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "trunkline")
        : Path.of(configured, "trunkline");
  }

  private static boolean isWritable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException _) {
      return false;
    }
  }
}
