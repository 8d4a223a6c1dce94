package trunkline.testing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/// A look at `pg_stat_activity` five times a second, as long as tests run: which transactions of
/// the product are open for longer than a second, and which wait for a lock for longer than that.
/// What it saw is written to `target/long-transactions-1.md`, and `-2.md` by the second of the JVMs
/// that share the tests. It fails nothing, since a machine may be slow and some tests freeze
/// processes; whoever changes a statement reads it.
final class TransactionWatch implements AutoCloseable {
  private static final Path REPORT =
      Path.of(
          "target", "long-transactions-" + System.getProperty("surefire.forkNumber", "1") + ".md");
  private static final long PERIOD_MILLIS = 200;

  private static final String LOOK =
      """
      -- pg_stat_activity.watch: what is open for too long
      select a.datname || ' ' || a.pid || ' ' || a.xact_start as key, a.application_name || ', ' || a.state
               || case when l.waitstart < clock_timestamp() - interval '1 second' then ', waits for a lock' else '' end as what,
             (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint as millis,
             split_part(a.query, chr(10), 1) as heading
        from pg_stat_activity a left join pg_locks l on l.pid = a.pid and not l.granted
       where a.application_name like 'trunkline%' and a.application_name not in (?, 'trunkline-migrate', 'trunkline-watch')
         and a.xact_start < clock_timestamp() - interval '1 second' and a.datname like ?
      """;

  private record Seen(String what, long millis, String heading) {}

  private final Map<String, Seen> found = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-transactions").factory());
  private final Connection connection;
  private final AtomicLong looks = new AtomicLong();

  TransactionWatch(TestPostgres server) {
    var properties = server.credentials();
    properties.setProperty("ApplicationName", "trunkline-watch");
    try {
      connection = DriverManager.getConnection(server.url(), properties);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    var _ = clock.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, MILLISECONDS);
  }

  private void look() {
    try {
      for (var row :
          TestDatabase.run(
                  connection, LOOK, TestDatabase.APPLICATION_NAME, TestDatabase.ofThisJvm())
              .rows()) {
        found.put(
            String.valueOf(row.get("key")),
            new Seen(
                String.valueOf(row.get("what")),
                ((Number) Objects.requireNonNull(row.get("millis"))).longValue(),
                String.valueOf(row.get("heading"))));
      }
      looks.incrementAndGet();
    } catch (SQLException e) {
      throw new IllegalStateException("the server of the tests is gone", e); // and no further look
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    var lines = new StringBuilder();
    lines
        .append("Transactions of the product that were open for longer than a second, of ")
        .append(looks.get())
        .append(" looks:\n\n| ms | who | statement |\n|---|---|---|\n");
    found.values().stream()
        .sorted(Comparator.comparingLong(Seen::millis).reversed())
        .forEach(
            one -> lines.append("| %d | %s | %s |%n".formatted(one.millis, one.what, one.heading)));
    try {
      Files.createDirectories(REPORT.getParent());
      Files.writeString(REPORT, lines);
    } catch (IOException e) {
      System.err.println("no report of long transactions: " + e);
    }
  }
}
