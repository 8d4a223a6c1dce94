package trunkline.rest;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;

@Tag("cluster")
class CostAtRestTest {
  private static final int SESSIONS = Integer.getInteger("trunkline.rest.sessions", 50_000);
  private static final int INSTANCES = Integer.getInteger("trunkline.rest.instances", 2);
  private static final int SECONDS = Integer.getInteger("trunkline.rest.seconds", 0);

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void measure(TestCluster cluster) throws Exception {
    var db = cluster.database();
    var started = System.nanoTime();
    GeneratedRows.insert(db, SESSIONS);
    System.out.printf("generated in %.1f s%n", (System.nanoTime() - started) / 1e9);
    System.out.println(db.sql("select pg_size_pretty(pg_database_size(current_database()))").text());
    var account = new Account();
    try (var proxy = new StatementProxy(db.url()).onNotice(account::hear)) {
      cluster.with("database-url", proxy.url()).with("sessions-max", "2000000").keeping(_ -> false);
      for (int i = 0; i < INSTANCES; i++) {
        cluster.start("i" + i);
      }
      Thread.sleep(SECONDS > 0 ? 15_000 : 2_000);
      System.out.println(java.time.LocalTime.now() + " plain");
      Thread.sleep(SECONDS * 1000L);
      System.out.println(java.time.LocalTime.now() + " explained");
    for (var setting :
          java.util.List.of(
              "session_preload_libraries = auto_explain",
              "auto_explain.log_min_duration = 0",
              "auto_explain.log_analyze = on",
              "auto_explain.log_timing = off",
              "auto_explain.log_buffers = on",
              "auto_explain.log_nested_statements = on",
              "auto_explain.log_format = json",
              "auto_explain.log_level = notice")) {
        db.sql("alter database " + db.name() + " set " + setting);
      }
      db.terminateBackends("%trunkline%");
      Thread.sleep(15_000);
      account.clear();
      var from = System.nanoTime();
      if (SECONDS > 0) {
        Thread.sleep(SECONDS * 1000L);
      }
      System.out.println(account.table((System.nanoTime() - from) / 1e9));
      cluster.close();
    }
  }
}
