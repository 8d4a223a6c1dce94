package trunkline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own. It is asked over its standard input and ends with it, so
/// nothing is left running when the benchmark is killed.
final class Worker implements AutoCloseable {
  private static final int SECONDS_MAX = 90;
  private static final List<String> LOGGING =
      List.of("slf4j.provider", "slf4j.internal.verbosity", "trunkline.log.level");

  /// With this a script says why it starts nothing.
  private static final String ABSENT = "absent> ";

  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<String> said = new ArrayList<>();
  private final InetSocketAddress address;

  private Worker(Process process, int secondsToStart) throws InterruptedException {
    this.process = process;
    this.input = process.outputWriter();
    Thread.ofVirtual().start(() -> listen(process.inputReader()));
    this.address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(answer(secondsToStart)));
  }

  /// A Java program of this class path.
  ///
  /// @param program a class with a `main` that uses [Asked]
  static Worker start(Class<?> program, List<String> javaOptions, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    for (var name : LOGGING) {
      var value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    return start(command, SECONDS_MAX);
  }

  /// Any other program that says its port as [Asked] does, and ends with its standard input.
  ///
  /// @throws Absent when it says that it cannot start here
  static Worker start(List<String> command, int secondsToStart)
      throws IOException, InterruptedException {
    var program = new ProcessBuilder(command).redirectErrorStream(true);
    program.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return new Worker(program.start(), secondsToStart);
  }

  InetSocketAddress address() {
    return address;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + address.getPort() + "/mcp");
  }

  long pid() {
    return process.pid();
  }

  /// Bytes of the heap that are in use after a collection.
  long heap() throws IOException, InterruptedException {
    return Long.parseLong(ask("heap"));
  }

  String ask(String what) throws IOException, InterruptedException {
    input.write(what + "\n");
    input.flush();
    return answer(SECONDS_MAX);
  }

  private String answer(int seconds) throws InterruptedException {
    var answer = answers.poll(seconds, TimeUnit.SECONDS);
    if (answer == null || answer.isEmpty()) {
      close();
      synchronized (said) {
        for (var line : said) {
          if (line.startsWith(ABSENT)) {
            throw new Absent(line.substring(ABSENT.length()));
          }
        }
        throw new IllegalStateException("a server gave no answer:\n" + String.join("\n", said));
      }
    }
    return answer;
  }

  private void listen(BufferedReader lines) {
    try (lines) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(Asked.PREFIX)) {
          answers.add(line.substring(Asked.PREFIX.length()));
        } else {
          synchronized (said) {
            if (said.size() < 200) {
              said.add(line);
            }
          }
        }
      }
    } catch (IOException _) {
      // it was closed
    }
    answers.add("");
  }

  /// Also what the program has started: a script may not be what serves. May be called again.
  @Override
  public void close() {
    var descendants = process.descendants().toList();
    try {
      input.close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }
}
