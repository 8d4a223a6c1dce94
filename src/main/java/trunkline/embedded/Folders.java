package trunkline.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/// Operations on whole folders that `java.nio.file` lacks.
final class Folders {
  private Folders() {}

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /// The numeric owner, as the operating system keeps it.
  static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  static int group(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:gid");
  }
}
