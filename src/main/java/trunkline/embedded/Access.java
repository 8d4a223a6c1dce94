package trunkline.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Who may read, write and run a file, in POSIX's nine letters.
///
/// A file system without them (Windows) decides by the folder: a file there has the access list of
/// the folder that it is made in, which below a user's own is that user's.
final class Access {
  private Access() {}

  static void set(Path path, String letters) throws IOException {
    if (hasPosix(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(letters));
    }
  }

  /// Makes a folder that is its owner's from the first moment.
  static Path privateFolder(Path path) throws IOException {
    return Files.createDirectory(path, attributes(path, "rwx------"));
  }

  /// Makes an empty file that is its owner's from the first moment.
  static Path privateFile(Path path) throws IOException {
    return Files.createFile(path, attributes(path, "rw-------"));
  }

  private static FileAttribute<?>[] attributes(Path path, String letters) {
    return hasPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(letters))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
