package trunkline.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import trunkline.testing.TestDatabase;

/// What a database's connections cost over a window: by the statistics of the server, which name
/// each statement, and by the processor time of the server's processes.
final class Ledger {
  /// Clock ticks of `/proc` are hundredths of a second everywhere.
  private static final int MILLIS_A_TICK = 10;

  private static final String STATEMENTS =
      """
      select coalesce(substring(query from '-- ([a-z0-9_]+\\.[a-z0-9_]+)'), left(regexp_replace(query, '\\s+', ' ', 'g'), 60)) as name,
             round((sum(calls) / {seconds})::numeric, 2) as rate,
             round((sum(total_exec_time) / sum(calls))::numeric, 3) as mean,
             round(max(max_exec_time)::numeric, 1) as most,
             round((sum(plans)::numeric / sum(calls)), 3) as planned,
             round((sum(total_exec_time + total_plan_time) / 10 / {seconds})::numeric, 3) as load
        from public.pg_stat_statements s join pg_database d on d.oid = s.dbid
       where d.datname = '{database}' and toplevel and calls > 0 and query not ilike '%pg_sleep%'
       group by 1 order by 6 desc
      """;

  private static final String UPDATES =
      """
      select relname || ': ' || n_tup_upd || ' updated, ' || n_tup_hot_upd || ' of them HOT, ' || n_dead_tup || ' dead'
        from pg_stat_user_tables where n_tup_upd > 0 order by n_tup_upd desc, relname
      """;

  private final TestDatabase db;
  private final String database;

  private final Map<String, Long> ticks = new TreeMap<>();

  Ledger(TestDatabase db, String database) {
    this.db = db;
    this.database = database;
    db.sql("create extension if not exists pg_stat_statements schema public");
  }

  /// Begins anew.
  void open() {
    db.sql("select public.pg_stat_statements_reset()");
    db.sql("select pg_stat_reset()");
    ticks.clear();
    processes().forEach((process, _) -> ticks.put(process, ticks(process)));
  }

  /// What a window of so many seconds was like.
  String close(double seconds) {
    var text = new StringBuilder();
    var byKind = new TreeMap<String, Double>();
    processes()
        .forEach((process, kind) ->
            byKind.merge(
                kind,
                (ticks(process) - ticks.getOrDefault(process, 0L)) * MILLIS_A_TICK / 10.0 / seconds,
                Double::sum));
    var all = byKind.values().stream().mapToDouble(Double::doubleValue).sum();
    text.append(String.format(Locale.ROOT, "by /proc: %.2f %% of a core: %s%n", all, byKind));
    var rows = statements(seconds);
    text.append(
        String.format(
            Locale.ROOT,
            "by pg_stat_statements: %.2f statements a second, %.3f %% of a core%n",
            sum(rows, Row::rate),
            sum(rows, Row::load)));
    text.append("| statement | a second | mean ms | most ms | planned | of a core |\n");
    text.append("|---|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(row.text()).append('\n'));
    db.sql("select pg_stat_force_next_flush()");
    db.sql(UPDATES).column().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static double sum(List<Row> rows, ToDoubleFunction<Row> what) {
    return rows.stream().mapToDouble(what).sum();
  }

  private record Row(String name, double rate, String mean, String most, String plan, double load) {
    static Row of(String line) {
      var parts = line.split("\t", -1);
      return new Row(
          parts[0],
          Double.parseDouble(parts[1]),
          parts[2],
          parts[3],
          parts[4],
          Double.parseDouble(parts[5]));
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "| %s | %.2f | %s | %s | %s | %.3f %% |",
          name,
          rate,
          mean,
          most,
          plan,
          load);
    }
  }

  private List<Row> statements(double seconds) {
    var sql = STATEMENTS.replace("{seconds}", Double.toString(seconds)).replace("{database}", database);
    return db
        .sql("select concat_ws(E'\\t', name, rate, mean, most, planned, load) from (" + sql + ") r")
        .column()
        .stream()
        .map(Row::of)
        .toList();
  }

  /// The processes of the database's connections, each with what it is for.
  private Map<String, String> processes() {
    return db
        .sql(
            """
            select pid || ' ' || application_name from pg_stat_activity
             where datname = ? and application_name like 'trunkline%'
            """,
            database)
        .column()
        .stream()
        .map(line -> line.split(" ", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private static long ticks(String pid) {
    try {
      var fields =
          Files.readString(Path.of("/proc", pid, "stat")).replaceFirst(".*\\) ", "").split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      return 0; // of another machine, or gone
    }
  }
}
