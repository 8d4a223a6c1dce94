package trunkline.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;

/// A program that is not ours, started by a test and ended with it; what it prints is kept.
final class ForeignProcess implements AutoCloseable {
  private static final int LINES_MAX = 5_000;
  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private static final String RESULT = "result ";

  private final String name;
  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private ForeignProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofVirtual().name(name + "-output").start(() -> read(process.inputReader()));
  }

  static ForeignProcess start(Path folder, List<String> command) {
    var name = Path.of(command.getFirst()).getFileName().toString();
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new ForeignProcess(name, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The first line printed so far or later that fulfils the condition.
  String awaitLine(Predicate<String> condition, Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      for (var seen = 0; ; seen++) {
        while (seen >= lines.size() && !ended && left > 0) {
          left = more.awaitNanos(left);
        }
        if (seen >= lines.size()) {
          throw new AssertionError(
              name
                  + (ended ? " ended without" : " did not print in time")
                  + " the line:\n"
                  + text());
        }
        if (condition.test(lines.get(seen))) {
          return lines.get(seen);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// What a script of ours prints as its result.
  JsonNode result(Duration patience) throws InterruptedException {
    var line = awaitLine(text -> text.startsWith(RESULT), patience);
    return Json.of(line.substring(RESULT.length()));
  }

  /// Waits until it has ended and printed everything.
  ///
  /// @return the exit code
  int awaitExit(Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      while (!ended && left > 0) {
        left = more.awaitNanos(left);
      }
      if (!ended) {
        throw new AssertionError(name + " did not end within " + patience + ":\n" + text());
      }
    } finally {
      lock.unlock();
    }
    return process.waitFor();
  }

  List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  String text() {
    return String.join("\n", lines());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void read(BufferedReader output) {
    try (output) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        printed(line);
      }
    } catch (IOException _) {
      // its end
    } finally {
      lock.lock();
      try {
        ended = true;
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void printed(String line) {
    lock.lock();
    try {
      if (lines.size() < LINES_MAX) {
        lines.add(line);
        more.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
