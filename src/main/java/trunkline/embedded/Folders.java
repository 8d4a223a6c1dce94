package trunkline.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;

/// Operations on whole folders that `java.nio.file` lacks.
final class Folders {
  private static final int RENAMES_MAX = 50;
  private static final Duration BETWEEN_RENAMES = Duration.ofMillis(200);

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

  /// Renames a folder, all at once. On Windows a virus scanner may have one of its new files open
  /// for a moment, which is refused there.
  static void rename(Path from, Path to) throws IOException {
    for (var attempt = 1; ; attempt++) {
      try {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (AccessDeniedException e) {
        if (attempt == RENAMES_MAX || !Platform.ofThisMachine().isWindows()) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_RENAMES.toNanos());
      }
    }
  }

  /// Gives what root has made to whom the folder around it belongs, who may come later.
  static void giveToOwner(Path path) throws IOException {
    if (PostgresAccount.isRoot(Platform.ofThisMachine())) {
      Files.setOwner(path, Files.getOwner(path.getParent()));
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
