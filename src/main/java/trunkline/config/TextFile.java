package trunkline.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import trunkline.store.FileReason;

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
      throw new Refusal(named + "that is no name of a file", e);
    } catch (IOException e) {
      throw new Refusal(named + FileReason.of(e), e);
    }
  }
}
