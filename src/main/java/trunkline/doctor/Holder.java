package trunkline.doctor;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.Objects;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// Somebody who keeps something from the server: a process, or what it left prepared.
///
/// @param pid 0 when there is no process
/// @param seconds for how long; empty where the role may not see it
/// @param prepared the name of a prepared transaction; else empty
record Holder(
    String what,
    int pid,
    String application,
    String role,
    Optional<Long> seconds,
    String query,
    String prepared) {

  static final Field<String> WHAT = column("what", CLOB);
  static final Field<Integer> PID = column("pid", INTEGER);
  static final Field<String> APPLICATION = column("application", CLOB);
  static final Field<String> ROLE = column("role", CLOB);
  static final Field<Long> SECONDS = column("seconds", BIGINT);
  static final Field<String> QUERY = column("query", CLOB);
  static final Field<String> PREPARED = column("prepared", CLOB);

  private static final int QUERY_MAX = 200;

  static Holder of(Record row) {
    return new Holder(
        row.get(WHAT),
        Objects.requireNonNullElse(row.get(PID), 0),
        text(row.get(APPLICATION)),
        text(row.get(ROLE)),
        Optional.ofNullable(row.get(SECONDS)),
        text(row.get(QUERY)),
        text(row.get(PREPARED)));
  }

  private static String text(@Nullable String text) {
    var line = Objects.requireNonNullElse(text, "").strip().replaceAll("\\s+", " ");
    return line.length() > QUERY_MAX ? line.substring(0, QUERY_MAX) + "…" : line;
  }

  /// Who, since when, with what.
  String description() {
    if (!prepared.isEmpty()) {
      return "the prepared transaction '%s' of %s, %s".formatted(prepared, role, since());
    }
    return "process %d (%s as %s), %s: %s".formatted(pid, application, role, since(), query);
  }

  private String since() {
    return seconds.map(each -> "for " + each + " s").orElse("nobody may say for how long");
  }

  /// How it lets go.
  String remedy() {
    if (!prepared.isEmpty()) {
      return "COMMIT PREPARED '%1$s' or ROLLBACK PREPARED '%1$s'"
          .formatted(prepared.replace("'", "''"));
    }
    var hidden =
        seconds.isEmpty() ? "; to see more: GRANT pg_read_all_stats to the role of doctor" : "";
    return "wait for it, or: select pg_terminate_backend(%d)%s".formatted(pid, hidden);
  }
}
