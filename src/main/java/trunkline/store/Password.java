package trunkline.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A password that does not print itself.
public sealed interface Password {

  /// The password as it is now.
  ///
  /// @throws DatabaseUnavailable when it stands in a file that cannot be read
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
      return text("the database password", path);
    }
  }

  /// The password of a URL in a file, read at each new connection as well.
  record FromUrlFile(Path path) implements Password {
    @Override
    public String reveal() {
      var url = text("the database URL", path);
      try {
        return PostgresUrl.parse(url).password().orElse("");
      } catch (IllegalArgumentException e) {
        throw new DatabaseUnavailable(path + " holds no database URL: " + e.getMessage(), e);
      }
    }
  }

  private static String text(String what, Path path) {
    try {
      return Files.readString(path).stripTrailing();
    } catch (IOException e) {
      throw new DatabaseUnavailable(
          "cannot read " + what + " from " + path + ": " + FileReason.of(e), e);
    }
  }
}
