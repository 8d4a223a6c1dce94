package trunkline.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Trunkline as processes of their own, from a class path that every user of the machine may read.
///
/// @param classPath the tests' class path, copied
record Programs(String classPath) {
  record Ended(int code, String out, String err) {}

  /// Copies the class path, which may be below a home that is closed to others.
  static Programs in(Path folder) throws IOException {
    var entries = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(":", -1)) {
      if (entry.isEmpty()) {
        continue; // the working folder, to Java: all of this build, and the locks of its processes
      }
      var from = Path.of(entry);
      var to = folder.resolve(entries.size() + "-" + from.getFileName());
      copy(from, to);
      entries.add(to.toString());
    }
    return new Programs(String.join(":", entries));
  }

  /// Runs a program to its end.
  ///
  /// @param program its main class
  /// @param prefix what runs it: another user, other mounts
  Ended run(Class<?> program, List<String> prefix, Path folder, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            program.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().remove("XDG_CACHE_HOME");
    var process = builder.start();
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new AssertionError("still running: " + command);
    }
    return new Ended(process.exitValue(), out, err);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var each : all.toList()) {
        Files.copy(
            each,
            to.resolve(from.relativize(each).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
