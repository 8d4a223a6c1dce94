package trunkline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// The other end of a [Worker]'s questions; returns when there are no more.
final class Asked {
  static final String PREFIX = "bench> ";

  private Asked() {}

  interface Server {
    /// Answers an own question of the program.
    default String answer(String what) {
      throw new IllegalArgumentException(what);
    }
  }

  static void serve(int port, Server server) throws IOException {
    say(Integer.toString(port));
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      say(line.equals("heap") ? Long.toString(heap()) : server.answer(line));
    }
  }

  private static void say(String what) {
    System.out.println(PREFIX + what);
  }

  /// Collections until they find nothing more.
  private static long heap() {
    var runtime = Runtime.getRuntime();
    var least = Long.MAX_VALUE;
    for (var round = 0; round < 5; round++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
