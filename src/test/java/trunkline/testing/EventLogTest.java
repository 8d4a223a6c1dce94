package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.InstanceLeft;
import trunkline.telemetry.ServerEvent.TenureEnded;

class EventLogTest {
  private final EventLog log = new EventLog();

  @Test
  void waits_for_an_event_that_comes_later() throws InterruptedException {
    var emitter =
        Thread.startVirtualThread(() -> {
          log.emit(new TenureEnded(1));
          log.emit(new InstanceLeft(1));
          log.emit(new InstanceLeft(2));
        });

    assertThat(log.await(InstanceLeft.class, left -> left.instance() == 2).instance()).isEqualTo(2);
    emitter.join();
  }

  @Test
  void finds_each_event_once_but_counts_all() throws InterruptedException {
    log.emit(new InstanceLeft(1));
    log.emit(new InstanceLeft(2));

    assertThat(log.await(InstanceLeft.class).instance()).isEqualTo(1);
    assertThat(log.await(InstanceLeft.class).instance()).isEqualTo(2);
    assertThat(log.count(InstanceLeft.class)).isEqualTo(2);
    assertThatThrownBy(() -> log.await(InstanceLeft.class, _ -> true, Duration.ofMillis(20)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("InstanceLeft[instance=2]");
  }
}
