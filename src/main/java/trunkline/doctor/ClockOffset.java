package trunkline.doctor;

import static org.jooq.impl.SQLDataType.BIGINT;
import static trunkline.store.SqlText.column;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jooq.Field;
import trunkline.store.SqlText;

/// How far this machine's clock is from the database's. Leases, deadlines and ages are the
/// database's alone, so nothing breaks; but the logs of both cannot be read side by side.
///
/// @param clock this machine's
record ClockOffset(Clock clock) {
  private static final String NAME = "clock";
  private static final int SAMPLES = 3;
  private static final Duration NOTED = Duration.ofSeconds(1);
  private static final Duration ALARMING = Duration.ofSeconds(30);

  private static final Field<Long> MILLIS = column("millis", BIGINT);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.clock: the database's
          SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS millis
          """,
          MILLIS);

  /// @param errorMillis half the round trip
  private record Sample(long offsetMillis, long errorMillis) {}

  List<Finding> look(Patient patient) {
    var best = sample(patient);
    for (var i = 1; i < SAMPLES; i++) {
      var next = sample(patient);
      best = next.errorMillis < best.errorMillis ? next : best;
    }
    var ahead = best.offsetMillis < 0 ? "behind" : "ahead of";
    var found =
        "the database's clock is %d ms %s this machine's, to within %d ms"
            .formatted(Math.abs(best.offsetMillis), ahead, best.errorMillis);
    var offset = Math.abs(best.offsetMillis) - best.errorMillis;
    if (offset < NOTED.toMillis()) {
      return List.of(Finding.ok(NAME, found));
    }
    var remedy =
        "synchronize both (chronyc tracking, timedatectl); nothing but the reading of logs depends on it";
    return List.of(
        offset < ALARMING.toMillis()
            ? Finding.note(NAME, found, remedy)
            : Finding.warning(NAME, found, remedy));
  }

  private Sample sample(Patient patient) {
    var started = System.nanoTime();
    var before = clock.millis();
    var there = patient.ask(sql -> sql.text(READ).single(row -> row.get(MILLIS)));
    var half = (System.nanoTime() - started) / 2_000_000;
    return new Sample(there - before - half, half + 1);
  }
}
