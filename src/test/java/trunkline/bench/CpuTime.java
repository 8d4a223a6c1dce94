package trunkline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// The processor time that instances and their database have taken, as Linux counts it.
final class CpuTime {
  private static final double TICKS = 100; // a second, on every Linux that Java runs on

  private static final int PARENT = 1;
  private static final int OWN = 11;
  private static final int OF_THE_ENDED = 13;

  private final List<Worker> instances;
  private final long postmaster;

  private CpuTime(List<Worker> instances, long postmaster) {
    this.instances = instances;
    this.postmaster = postmaster;
  }

  /// Fails early with what [#of] would fail with.
  static void require(Stage stage) throws SQLException {
    var _ = of(List.of(), stage);
  }

  /// Of these, and of the database that the stage is on.
  ///
  /// @throws Absent elsewhere than on Linux, and where the database runs on another machine or in a
  ///   container, whose process ids are not ours
  static CpuTime of(List<Worker> instances, Stage stage) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select pg_backend_pid()")) {
      rows.next();
      var backend = rows.getLong(1);
      if (isPostgres(backend)) {
        var postmaster = Long.parseLong(fields(backend)[PARENT]);
        if (isPostgres(postmaster)) {
          return new CpuTime(instances, postmaster);
        }
      }
      throw new Absent("the processor time of the database cannot be seen from here");
    }
  }

  private static boolean isPostgres(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals("postgres");
    } catch (IOException _) {
      return false;
    }
  }

  double seconds() throws IOException {
    var ticks = own(fields(postmaster)) + ofTheEnded(fields(postmaster));
    for (var instance : instances) {
      ticks += own(fields(instance.pid()));
    }
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        var fields = fields(Long.parseLong(process.getFileName().toString()));
        if (fields.length > 0 && Long.parseLong(fields[PARENT]) == postmaster) {
          ticks += own(fields);
        }
      }
    }
    return ticks / TICKS;
  }

  private static long own(String[] fields) {
    return fields.length == 0 ? 0 : Long.parseLong(fields[OWN]) + Long.parseLong(fields[OWN + 1]);
  }

  private static long ofTheEnded(String[] fields) {
    return fields.length == 0
        ? 0
        : Long.parseLong(fields[OF_THE_ENDED]) + Long.parseLong(fields[OF_THE_ENDED + 1]);
  }

  /// Those after the name, which may have blanks; none of a process that is gone.
  private static String[] fields(long pid) {
    try {
      var line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException _) {
      return new String[0];
    }
  }
}
