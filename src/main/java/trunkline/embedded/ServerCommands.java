package trunkline.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The commands that make, start and stop a server, each a program and its arguments.
record ServerCommands(PostgresBinaries binaries) {
  private static final String SECONDS_MAX = "60";

  /// @param durable whether the files must survive a power cut from the start
  List<String> make(Path data, Path passwordFile, boolean durable) {
    var command =
        new ArrayList<>(
            List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + PostgresServer.USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions"));
    if (!durable) {
      command.add("--no-sync");
    }
    return command;
  }

  List<String> start(Path data, Path log) {
    return binaries.platform().apart(control("start", data, "--log=" + log));
  }

  List<String> stop(Path data) {
    return control("stop", data, "--mode=fast");
  }

  private List<String> control(String action, Path data, String option) {
    return List.of(
        binaries.program("pg_ctl").toString(),
        action,
        "--pgdata=" + data,
        "--wait",
        "--timeout=" + SECONDS_MAX,
        "--silent",
        option);
  }
}
