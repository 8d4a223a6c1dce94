package trunkline.testing;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a command line of `./trunkline demo`, `chaos` or `bench` asks for. Needs nothing but the
/// jar.
@FunctionalInterface
public interface Program {
  /// Does it.
  ///
  /// @return whether all of it is as it should be
  boolean play(PrintStream out) throws Exception;

  /// What was typed, as a program.
  @FunctionalInterface
  interface Reading {
    /// Reads what was typed.
    ///
    /// @throws IllegalArgumentException with a sentence, where it is not understood
    Program read(List<String> arguments);
  }

  /// Prints how it is used.
  static Program help(String text) {
    return out -> {
      out.print(text);
      return true;
    };
  }

  /// Runs it as a process, which ends.
  static void main(String[] arguments, Reading reading) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), reading, out, err));
  }

  /// Runs it here.
  ///
  /// @return the exit code: 0 when all is as it should be, 1 when it is not or nothing came of it,
  ///   2 for a wrong command line
  static int run(List<String> arguments, Reading reading, PrintStream out, PrintStream err) {
    Program program;
    try {
      program = reading.read(arguments);
    } catch (IllegalArgumentException e) {
      err.println("trunkline: " + e.getMessage());
      return 2;
    }
    try {
      return program.play(out) ? 0 : 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (Exception | AssertionError e) {
      err.println(
          "trunkline: %s came to no end: %s".formatted(arguments.getFirst(), e.getMessage()));
      return 1;
    }
  }
}
