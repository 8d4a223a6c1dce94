package trunkline.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/// A file of text that somebody named on the command line.
public final class TextFile {
  private TextFile() {}

  /// Reads it.
  ///
  /// @param what it is, where its name does not say: `the configuration file`, or empty
  /// @throws Refusal that says why it cannot be read
  public static String read(String what, String name) {
    var named = "cannot read " + (what.isEmpty() ? "" : what + " ") + name + ": ";
    try {
      var file = Path.of(name);
      if (Files.isDirectory(file)) {
        throw new Refusal(named + "it is a folder");
      }
      return Files.readString(file);
    } catch (InvalidPathException e) {
      throw new Refusal(named + "that is no name of a file");
    } catch (IOException e) {
      throw new Refusal(named + why(e));
    }
  }

  /// Why a file or a folder could not be used, without the name of a class.
  public static String why(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "there is no permission";
      case CharacterCodingException _ -> "it is not text in UTF-8";
      case FileSystemException e ->
          Objects.requireNonNullElse(e.getReason(), "the file system refuses it");
      default -> Objects.requireNonNullElse(failure.getMessage(), "it cannot be read");
    };
  }
}
