package trunkline.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// `./trunkline serve --stdio`, as its client starts it. Every line that it writes has to be a
/// message; what it logs is shown when something fails.
public final class StdioProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final OutputStream input;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final List<String> log = new ArrayList<>();

  private StdioProcess(Process process) {
    this.process = process;
    this.input = process.getOutputStream();
    Thread.ofVirtual().start(() -> read(process.inputReader()));
    Thread.ofVirtual().start(() -> log(process.errorReader()));
  }

  /// One that serves the pipes to this process.
  ///
  /// @param options as typed
  public static StdioProcess start(String... options) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Release.current().classPath(),
                Release.current().mainClass(),
                "serve",
                "--stdio"));
    command.addAll(List.of(options));
    try {
      return new StdioProcess(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One on this database.
  public static StdioProcess on(TestDatabase db, String... options) {
    var all =
        new ArrayList<>(
            List.of(
                "--database-url", db.url(),
                "--database-user", db.user(),
                "--database-password", db.password(),
                "--database-pool-size", "4"));
    all.addAll(List.of(options));
    return start(all.toArray(String[]::new));
  }

  /// Writes a line; JSON may be in single quotes.
  public StdioProcess say(String line) {
    return write(line.replace('\'', '"') + "\n");
  }

  /// Writes what is given, and nothing after it.
  public StdioProcess write(String text) {
    try {
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(text(), e);
    }
  }

  /// Opens a session, and says that the client is ready.
  public JsonNode connect(String revision, String capabilities) {
    say(
        "{'jsonrpc':'2.0','id':0,'method':'initialize','params':{'protocolVersion':'%s',"
                .formatted(revision)
            + "'capabilities':%s,'clientInfo':{'name':'test','version':'1'}}}"
                .formatted(capabilities));
    var result = answer("0").get("result");
    say("{'jsonrpc':'2.0','method':'notifications/initialized'}");
    return result;
  }

  /// The next message with this id, as JSON, that answers something; others are passed over.
  public JsonNode answer(String id) {
    return await(message -> message.path("id").toString().equals(id) && !message.has("method"));
  }

  /// The next message of this method; others are passed over.
  public JsonNode heard(String method) {
    return await(message -> message.path("method").asString("").equals(method));
  }

  /// The next message that fulfils the condition.
  public JsonNode await(Predicate<JsonNode> condition) {
    try {
      while (true) {
        var line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null || line.isEmpty()) {
          throw new AssertionError((line == null ? "silence" : "the end") + " instead:\n" + text());
        }
        var message = Json.of(line.get());
        if (condition.test(message)) {
          return message;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Ends its input.
  public StdioProcess end() {
    try {
      input.close();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// SIGTERM.
  public StdioProcess terminate() {
    process.destroy();
    return this;
  }

  /// Waits for its end.
  ///
  /// @return the exit code
  public int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it does not end:\n" + text());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  private String text() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  private void read(BufferedReader output) {
    try (output) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException _) {
      // its end
    }
    lines.add(Optional.empty());
  }

  private void log(BufferedReader errors) {
    try (errors) {
      for (var line = errors.readLine(); line != null; line = errors.readLine()) {
        synchronized (log) {
          log.add(line);
        }
      }
    } catch (IOException _) {
      // its end
    }
  }

  /// Kills what a test left.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
