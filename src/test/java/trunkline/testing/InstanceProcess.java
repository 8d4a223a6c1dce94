package trunkline.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server in a process of its own: one that can be killed, frozen and thawed for real.
public final class InstanceProcess implements Running {
  private static final Pattern READY =
      Pattern.compile("Trunkline ready: (\\S+) \\(instance (\\d+), PostgreSQL .*\\)");
  private static final int START_SECONDS_MAX = 60;
  private static final int END_SECONDS_MAX = 30;
  private static final int LINES_KEPT = 20_000;
  private static final int LAST_LINES = 40;

  private final String name;
  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final CompletableFuture<List<String>> ready = new CompletableFuture<>();

  private InstanceProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofVirtual().name(name + "-output").start(() -> read(process.inputReader()));
  }

  /// Starts one and waits until it is ready; the settings are those of a configuration file.
  public static InstanceProcess start(
      String name, List<String> javaOptions, Map<String, String> settings) {
    return start(name, Release.current(), javaOptions, settings);
  }

  /// As above, of a release that may be an older one.
  public static InstanceProcess start(
      String name, Release release, List<String> javaOptions, Map<String, String> settings) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlogback.configurationFile=logback-test.xml"); // not the product's; the last wins
    command.add("-XX:TieredStopAtLevel=1"); // a start takes two thirds of the processor time
    command.addAll(javaOptions);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError", // as the launcher has it
            "-cp",
            release.classPath(),
            release.mainClass(),
            "serve"));
    settings.forEach((key, value) -> {
      if (value.equals("false") || release.unknownOptions().contains(key)) {
        return; // a switch that is off
      }
      command.add("--" + key);
      if (!value.equals("true")) {
        command.add(value);
      }
    });
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var instance = new InstanceProcess(name, process);
      instance.awaitReady();
      return instance;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI url() {
    return URI.create(ready.join().get(0));
  }

  @Override
  public int id() {
    return Integer.parseInt(ready.join().get(1));
  }

  /// SIGKILL: the process is gone without a word.
  @Override
  public void kill() {
    process.destroyForcibly();
    var _ = awaitExit();
  }

  /// SIGTERM, without waiting for the end.
  public void terminate() {
    process.destroy();
  }

  /// SIGSTOP: the process is still there and does nothing, as in a long pause of its machine.
  public void freeze() {
    signal("STOP");
  }

  /// SIGCONT: it goes on, and knows nothing of the pause.
  public void thaw() {
    signal("CONT");
  }

  /// Waits for the end and returns the exit code.
  public int awaitExit() {
    try {
      return process
          .onExit()
          .copy()
          .orTimeout(END_SECONDS_MAX, TimeUnit.SECONDS)
          .join()
          .exitValue();
    } catch (CompletionException e) {
      process.destroyForcibly();
      throw new AssertionError(name + " did not end:\n" + text(), e);
    }
  }

  /// Fails with its last words when it has ended.
  public void requireAlive() {
    if (!process.isAlive()) {
      throw new AssertionError(
          "%s ended with %d:\n%s".formatted(name, process.exitValue(), lastLines()));
    }
  }

  /// What says why it is as it is.
  private String lastLines() {
    synchronized (output) {
      return String.join(
          "\n", output.subList(Math.max(0, output.size() - LAST_LINES), output.size()));
    }
  }

  /// Its output so far, without the oldest lines of a long one.
  public String text() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  /// Stops cleanly; fails when it takes too long.
  @Override
  public void close() {
    if (process.isAlive()) {
      thaw();
      process.destroy();
      var _ = awaitExit();
    }
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    try {
      ready.copy().orTimeout(START_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      process.destroyForcibly();
      throw new AssertionError(name + " did not start:\n" + text(), e);
    }
  }

  private void read(BufferedReader lines) {
    try (lines) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
          if (output.size() > LINES_KEPT) {
            output.removeFirst();
          }
        }
        var found = READY.matcher(line);
        if (found.find()) {
          ready.complete(List.of(found.group(1), found.group(2)));
        }
      }
    } catch (IOException _) {
      // killed
    }
    ready.completeExceptionally(new IllegalStateException("the process ended"));
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public String toString() {
    return name + " (process " + process.pid() + ")";
  }
}
