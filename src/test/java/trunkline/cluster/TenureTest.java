package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent.TenureEnded;
import trunkline.testing.EventLog;

class TenureTest {

  @Test
  void trust_ends_a_margin_before_the_lease_counted_from_before_the_beat() {
    var tenure = Tenure.granted(1_000, Duration.ofSeconds(10), Duration.ofSeconds(2));

    assertThat(tenure.isTrustedAt(1_000 + 7_999_999_999L)).isTrue();
    assertThat(tenure.isTrustedAt(1_000 + 8_000_000_000L)).isFalse();
  }

  @Test
  void a_margin_as_long_as_the_lease_is_refused() {
    assertThatThrownBy(() ->
            new InstancePolicy(
                "url",
                "1",
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(200),
                Duration.ofDays(1),
                Duration.ofHours(1)))
        .hasMessageContaining("margin");
  }

  /// Goal: the end of the tenure is noticed without any beat, and again after it was regained.
  @Test
  void the_end_is_told_each_time() throws Exception {
    var events = new EventLog();
    var policy = InstancePolicy.of("url", "1", Duration.ofMillis(100));
    var ends = new CountDownLatch(2);
    try (var watch = new TenureWatch(policy, () -> new InstanceId(7), events)) {
      watch.onEnded(ends::countDown);
      watch.renew(System.nanoTime());
      watch.start();
      assertThat(events.await(TenureEnded.class).instance()).isEqualTo(7);
      assertThat(watch.current().isTrusted()).isFalse();

      do {
        watch.renew(System.nanoTime()); // again, should this machine be too slow to look in time
      } while (!ends.await(1, TimeUnit.SECONDS));
      assertThat(events.await(TenureEnded.class).instance()).isEqualTo(7);
    }
  }
}
