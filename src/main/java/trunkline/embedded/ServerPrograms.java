package trunkline.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trunkline.store.DatabaseUnavailable;

/// The runs of PostgreSQL's programs: a failure is one line with what the program complained of.
///
/// @param folder the embedded server's; where the programs run
record ServerPrograms(Path folder) {
  /// What a program says when it fails, in contrast to how far it has come.
  private static final Pattern COMPLAINT = Pattern.compile("(?i)(error|fatal|panic|detail|hint): ");

  void run(List<String> command) throws IOException {
    var running = started(builder(command));
    var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var code = codeOf(running);
    if (code != 0) {
      throw failed(command, code, said);
    }
  }

  /// Runs what leaves a process behind. On Windows that one inherits the output, whose end would
  /// come only with its own: so it goes to a file.
  void runApart(List<String> command) throws IOException {
    var output = folder.resolve("start.log");
    if (!Files.exists(output)) {
      Folders.giveToOwner(Access.privateFile(output));
    }
    var code = codeOf(started(builder(command).redirectOutput(output.toFile())));
    if (code != 0) {
      throw failed(command, code, Files.readString(output, StandardCharsets.ISO_8859_1));
    }
  }

  private ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static Process started(ProcessBuilder builder) throws IOException {
    try {
      var running = builder.start();
      running.getOutputStream().close();
      return running;
    } catch (IOException e) {
      // No program of the archive: a Linux without glibc, an archive for another machine.
      throw new DatabaseUnavailable(
          "the embedded PostgreSQL cannot run here: "
              + e.getMessage()
              + ": give --database-url of a PostgreSQL of your own",
          e);
    }
  }

  private static int codeOf(Process running) {
    try {
      return running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailable("interrupted while waiting for PostgreSQL", e);
    }
  }

  private static DatabaseUnavailable failed(List<String> command, int code, String said) {
    var complaints = joined(said.lines().filter(line -> COMPLAINT.matcher(line).find()).toList());
    var reason = complaints.isEmpty() ? joined(said.lines().toList()) : complaints;
    var program =
        command.stream().filter(word -> word.matches(".*(initdb|pg_ctl)(\\.exe)?\"?")).findFirst();
    return new DatabaseUnavailable(
        program.map(word -> name(word)).orElse("PostgreSQL")
            + " failed (exit code "
            + code
            + "): "
            + WayOut.addedTo(reason));
  }

  private static String name(String program) {
    return String.valueOf(Path.of(program.replace("\"", "")).getFileName());
  }

  private static String joined(List<String> lines) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" | "));
  }
}
