package trunkline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A storm of refusals from however many places makes a bounded number of records a minute.
class TallyTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Tally tally = new Tally(nanos::get);

  private static Tally.Kind from(String peer) {
    return new Tally.Kind(
        new AuditRecord.Who(AuditRecord.Who.NOBODY, "bearer", "", peer),
        new AuditRecord.What("POST", "", "", null),
        new Ending(Outcome.DENIED, 401));
  }

  @Test
  void a_minute_of_one_kind_is_one_record() {
    for (var i = 0; i < 1000; i++) {
      tally.add(from("10.0.0.1"));
    }
    nanos.addAndGet(Tally.SPAN.toNanos() - 1);
    tally.add(from("10.0.0.2"));
    assertThat(tally.take(1, false)).isEmpty();

    nanos.incrementAndGet();
    assertThat(tally.take(1, false))
        .extracting(AuditRecord::times)
        .containsExactlyInAnyOrder(1000, 1);
    assertThat(tally.take(1, true)).isEmpty();
  }

  @Test
  void too_many_kinds_are_counted_together() {
    for (var i = 0; i < 100_000; i++) {
      tally.add(from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
    }

    var records = tally.take(1, true);

    assertThat(records).hasSizeLessThanOrEqualTo(501);
    assertThat(records.stream().mapToInt(AuditRecord::times).sum()).isEqualTo(100_000);
    assertThat(records.stream().map(record -> record.who().peer())).contains("others");
  }
}
