package trunkline.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The project's own source files as text; jOOQ's generated ones are not among them, but beside
/// them.
final class Sources {
  static final Path MAIN = Path.of("src/main/java");
  static final Path TEST = Path.of("src/test/java");

  private static final Pattern STRINGS =
      Pattern.compile("\"\"\"(.*?)(?<!\\\\)\"\"\"|\"((?:[^\"\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern COMMENTS = Pattern.compile("(?m)^\\s*//.*$|\\s//[^\"\n]*$");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package trunkline\\.([\\w.]+);");

  private Sources() {}

  record Source(Path path, String text) {
    /// The name of the class, as the file says.
    String name() {
      return path.getFileName().toString().replace(".java", "");
    }

    /// The package below `trunkline`, empty for the root.
    String shortPackage() {
      var found = PACKAGE.matcher(text);
      return found.find() ? found.group(1) : "";
    }

    /// The compiled class.
    Class<?> type() {
      var folder = shortPackage().isEmpty() ? "" : shortPackage() + ".";
      try {
        return Class.forName("trunkline." + folder + name(), false, Source.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("not compiled: " + path, e);
      }
    }

    /// The text without comments.
    String code() {
      return COMMENTS.matcher(text).replaceAll("");
    }

    /// The contents of string literals and text blocks.
    List<String> strings() {
      return STRINGS
          .matcher(code())
          .results()
          .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
          .toList();
    }

    /// The contents of text blocks.
    List<String> textBlocks() {
      return STRINGS
          .matcher(code())
          .results()
          .filter(found -> found.group(1) != null)
          .map(found -> found.group(1).strip())
          .toList();
    }
  }

  static List<Source> under(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(file -> new Source(file, read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
