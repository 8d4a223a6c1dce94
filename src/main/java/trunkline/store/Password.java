package trunkline.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A password that does not print itself.
public sealed interface Password {

  /// The password as it is now.
  String reveal();

  /// A password given literally.
  record Literal(String value) implements Password {
    @Override
    public String reveal() {
      return value;
    }

    @Override
    public String toString() {
      return "(hidden)";
    }
  }

  /// A password in a file, read at each new connection; a line end at its end does not count.
  record FromFile(Path path) implements Password {
    @Override
    public String reveal() {
      try {
        return Files.readString(path).stripTrailing();
      } catch (IOException e) {
        throw new DatabaseUnavailable("cannot read the database password from " + path, e);
      }
    }
  }
}
