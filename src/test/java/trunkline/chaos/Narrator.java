package trunkline.chaos;

import java.io.PrintStream;

/// Sentences with the time since the start.
final class Narrator {
  private final PrintStream out;
  private final long start = System.nanoTime();

  Narrator(PrintStream out) {
    this.out = out;
  }

  synchronized void say(String sentence) {
    out.printf("[%5.1f s] %s%n", (System.nanoTime() - start) / 1e9, sentence);
  }

  /// Without a time.
  synchronized void show(String text) {
    out.println(text);
  }
}
