package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PollBackoffTest {
  private final AtomicBoolean hearing = new AtomicBoolean();
  private final Pace pace = new PollBackoff(hearing::get, PollPolicy.DEFAULT);

  @Test
  void without_notify_it_is_fast_while_busy_and_backs_off() {
    pace.reset();
    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(50));
    pace.reset();
    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(50));
    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(100));
    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(200));
    for (var idle = 0; idle < 20; idle++) {
      assertThat(pace.interval()).isBetween(Duration.ofMillis(250), Duration.ofMillis(400));
    }
    pace.reset();
    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void while_notify_arrives_it_is_about_a_second() {
    hearing.set(true);
    pace.reset();
    assertThat(pace.interval()).isBetween(Duration.ofMillis(900), Duration.ofSeconds(1));
  }
}
