package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.store.Connections;
import trunkline.store.DatabaseFailure;
import trunkline.store.SqlText;
import trunkline.testing.TestDatabase;

/// The console's connections: how many, how long, and that they write nothing.
@Timeout(60)
class ConsoleLineTest {
  private static final SqlText WRITE =
      SqlText.of("-- test.write\nDELETE FROM trunkline.session_values");

  private static final SqlText READ_ONLY =
      SqlText.of("-- test.read_only\nSELECT current_setting('transaction_read_only')");

  private static final SqlText BACKEND =
      SqlText.of("-- test.backend\nSELECT pg_backend_pid() AS backend");

  private final TestDatabase db;

  ConsoleLineTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void nothing_is_written() throws InterruptedException {
    var line = new ConsoleLine(new Connections(db.settings()));

    assertThat(
            line.<String>read(sql -> String.valueOf(sql.text(READ_ONLY).rows().getFirst().get(0))))
        .isEqualTo("on");
    assertThatThrownBy(() -> line.read(sql -> sql.text(WRITE).execute()))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("read-only");
  }

  /// To connect takes longer than most pages.
  @Test
  void a_connection_is_kept_for_the_next_page_and_not_for_longer() throws InterruptedException {
    var line = new ConsoleLine(new Connections(db.settings()));
    var first = backend(line);
    assertThat(backend(line)).isEqualTo(first);

    db.sql("select pg_terminate_backend(?, 10000)", first);
    var second = backend(line);
    assertThat(second).as("the first has ended").isNotEqualTo(first);

    line.look(_ -> gone(second)); // not beside what connects by itself
    var third = backend(line);
    assertThat(gone(third)).as("in seconds, with nobody's help").isTrue();
  }

  private static int backend(ConsoleLine line) throws InterruptedException {
    return line.<Integer>read(sql -> sql.text(BACKEND).rows().getFirst().get(0, Integer.class));
  }

  private boolean gone(int backend) {
    db.await(
        "not exists (select from pg_stat_activity where pid = " + backend + ")",
        Duration.ofSeconds(45));
    return true;
  }

  @Test
  void who_comes_third_is_told_to_come_again() throws Exception {
    var line = new ConsoleLine(new Connections(db.settings()));
    var looking = new CountDownLatch(2);
    var seen = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> two = new ArrayList<>();
      for (var i = 0; i < 2; i++) {
        two.add(
            threads.submit(() ->
                line.look(_ -> {
                  looking.countDown();
                  return isOver(seen);
                })));
      }
      looking.await();

      assertThatThrownBy(() -> line.look(_ -> true)).isInstanceOf(ConsoleBusy.class);

      seen.countDown();
      for (var one : two) {
        assertThat(one.get()).isTrue();
      }
      assertThat(line.<Boolean>look(_ -> true)).isTrue();
    }
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }
}
