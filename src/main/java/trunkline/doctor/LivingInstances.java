package trunkline.doctor;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jooq.Field;
import trunkline.store.SqlText;

/// The instances that have not left: silent ones, those that poll, and releases side by side.
final class LivingInstances {
  private static final String NAME = "instances";

  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);
  private static final Field<String> URL = column("url", CLOB);
  private static final Field<String> VERSION = column("version", CLOB);
  private static final Field<String> STATE = column("state", CLOB);
  private static final Field<String> WAKE_MODE = column("wake_mode", CLOB);
  private static final Field<Long> SECONDS = column("seconds", BIGINT);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.instances: all but those that left or are dead
          SELECT instance_id, url, version, state, wake_mode,
                 extract(epoch FROM clock_timestamp() - beat_at)::bigint AS seconds
            FROM trunkline.instance_directory WHERE state NOT IN ('left', 'dead') ORDER BY instance_id
          """,
          INSTANCE,
          URL,
          VERSION,
          STATE,
          WAKE_MODE,
          SECONDS);

  private LivingInstances() {}

  /// @param seconds since its last beat
  private record Living(
      int id, String url, String version, String state, String wakeMode, long seconds) {
    @Override
    public String toString() {
      return "instance %d (%s)".formatted(id, url);
    }
  }

  static List<Finding> look(Patient patient) {
    var living =
        patient.ask(sql ->
            sql.text(READ)
                .fetch(row ->
                    new Living(
                        Objects.requireNonNullElse(row.get(INSTANCE), 0),
                        row.get(URL),
                        row.get(VERSION),
                        row.get(STATE),
                        row.get(WAKE_MODE),
                        Objects.requireNonNullElse(row.get(SECONDS), 0L))));
    var findings = new ArrayList<Finding>();
    if (living.isEmpty()) {
      findings.add(Finding.note(NAME, "none serves", "./trunkline serve"));
    }
    living.stream()
        .filter(each -> each.state.equals("silent"))
        .forEach(each -> findings.add(silent(each)));
    living.stream()
        .filter(each -> each.wakeMode.equals("polling"))
        .forEach(each -> findings.add(polls(each)));
    var versions = living.stream().map(Living::version).distinct().toList();
    if (versions.size() > 1) {
      findings.add(
          Finding.note(
              NAME,
              "releases run side by side: " + String.join(", ", versions),
              "nothing, while they are upgraded"));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              NAME,
              living.stream()
                  .map(each -> each.id + " " + each.state)
                  .collect(Collectors.joining(", "))));
    }
    return findings;
  }

  private static Finding silent(Living silent) {
    return Finding.warning(
        NAME,
        "%s is silent for %d s: it hangs, is cut off, or is gone".formatted(silent, silent.seconds),
        "if it is known to be gone: select trunkline.declare_dead(%d); else the others declare it dead once they have seen it silent for a lease"
            .formatted(silent.id));
  }

  private static Finding polls(Living polls) {
    return Finding.warning(
        NAME,
        "%s polls, so news reaches it 50 to 400 ms late".formatted(polls),
        "run doctor where it runs and look at the wake path; nothing, if it was started with --poll-only");
  }
}
