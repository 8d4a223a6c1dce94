package trunkline.schema;

import java.util.stream.Collectors;
import trunkline.schema.MigrationPlan.Step;

/// What a migration would run, as one script for psql or `./trunkline sql`: for a change board, or
/// where no Java may connect as the owner.
///
/// Each migration is a transaction with its row in the history, checksum and all, so that the next
/// start finds it done. The script refuses to run on another state than the one it was made for;
/// where it stopped half way, what was committed stays, and the rest is printed anew.
public final class MigrationScript {
  /// Flyway's own, as it makes it when there is none.
  private static final String HISTORY =
      """
      create schema if not exists trunkline;
      create table trunkline.flyway_schema_history (
        installed_rank integer not null,
        version varchar(50),
        description varchar(200) not null,
        type varchar(20) not null,
        script varchar(1000) not null,
        checksum integer,
        installed_by varchar(100) not null,
        installed_on timestamp not null default now(),
        execution_time integer not null,
        success boolean not null,
        constraint flyway_schema_history_pk primary key (installed_rank)
      );
      create index flyway_schema_history_s_idx on trunkline.flyway_schema_history (success);
      """;

  private static final String CHECK =
      """
      do $state$
      begin
        if (select coalesce(max(installed_rank), 0) from trunkline.flyway_schema_history) <> %d then
          raise exception 'this script is for another state of the schema: print it again';
        end if;
      end $state$;
      """;

  private static final String ROW =
      "insert into trunkline.flyway_schema_history (installed_rank, version, description, type, script, checksum,"
          + " installed_by, execution_time, success)\n"
          + "values (%d, '%s', '%s', 'SQL', '%s', %d, current_user, 0, true);\n";

  /// As [Migrations] has them.
  private static final String SETTINGS =
      "set lock_timeout = '100ms';\nset search_path = trunkline, pg_temp;\n";

  private MigrationScript() {}

  public static String of(MigrationPlan plan) {
    if (plan.pending().isEmpty()) {
      return "-- The schema trunkline of database %s is up to date: nothing to run.\n"
          .formatted(plan.database());
    }
    var script = new StringBuilder(head(plan));
    var rank = plan.rank();
    for (var step : plan.pending()) {
      script.append(transaction(step, rank++));
    }
    return script.append("reset lock_timeout;\nreset search_path;\n").toString();
  }

  private static String head(MigrationPlan plan) {
    var versions = plan.pending().stream().map(Step::version).collect(Collectors.joining(", "));
    var head =
        """
        -- The schema trunkline of database %s: migrations %s.
        -- Run by: the role that owns the schema; with psql -v ON_ERROR_STOP=1 -f FILE, or ./trunkline sql FILE.
        -- Instances may serve meanwhile, unless a header below says Breaking. A statement that meets a lock gives up after 100 ms, so
        -- that nobody queues behind it: then the script ends, what was committed stays, and the rest is printed anew.
        -- Afterwards: app.sql, reader.sql, sender.sql, auditor.sql and audit_reader.sql of db/role again.
        """
            .formatted(plan.database(), versions);
    return head + SETTINGS + (plan.hasHistory() ? "" : HISTORY);
  }

  private static String transaction(Step step, int rank) {
    return "\n-- "
        + step.script()
        + "\nbegin;\n"
        + CHECK.formatted(rank)
        + step.text().stripTrailing()
        + "\n"
        + ROW.formatted(
            rank + 1,
            quoted(step.version()),
            quoted(step.description()),
            quoted(step.script()),
            step.checksum())
        + "commit;\n";
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }
}
