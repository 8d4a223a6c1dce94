package trunkline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// However long nobody writes, what waits is bounded, and what is dropped is counted.
class BacklogTest {
  private static AuditRecord record(String name) {
    return new AuditRecord(
        0,
        0,
        1,
        new AuditRecord.Who("ada", ""),
        new AuditRecord.What("tools/call", name, "", null),
        null,
        Ending.OK,
        1,
        1,
        null,
        null);
  }

  @Test
  void the_oldest_is_dropped_and_whoever_waits_for_it_is_told() throws Exception {
    var backlog = new Backlog(3, 1 << 20);
    var first = new CompletableFuture<Boolean>();
    backlog.add(record("0"), first);
    for (var i = 1; i < 5; i++) {
      backlog.add(record("" + i), null);
    }

    assertThat(first).isCompletedWithValue(false);
    assertThat(backlog.takeDropped()).isEqualTo(2);
    assertThat(backlog.takeDropped()).isZero();
    assertThat(backlog.next(10, 0, 0))
        .extracting(Backlog.Entry::number)
        .containsExactly(3L, 4L, 5L);
  }

  @Test
  void long_texts_count_for_more() throws Exception {
    var backlog = new Backlog(1000, 2000);
    for (var i = 0; i < 10; i++) {
      backlog.add(record("x".repeat(400)), null);
    }

    assertThat(backlog.next(1000, 0, 0)).hasSize(3);
    assertThat(backlog.takeDropped()).isEqualTo(7);
  }

  /// Its end is waited for by nobody.
  @Test
  void after_its_end_nothing_is_kept() {
    var backlog = new Backlog(3, 1 << 20);
    var waiting = new CompletableFuture<Boolean>();
    backlog.add(record("0"), waiting);

    assertThat(backlog.end()).isOne();

    backlog.add(record("1"), null);
    assertThat(waiting).isCompletedWithValue(false);
    assertThat(backlog.size()).isZero();
  }
}
