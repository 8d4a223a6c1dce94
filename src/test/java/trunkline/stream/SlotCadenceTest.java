package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A slot is written a little longer than its turn, never much.
class SlotCadenceTest {
  @Test
  void it_is_looked_twenty_times_in_a_turn_and_twice_a_minute_at_least() {
    assertThat(Slots.cadence(Duration.ofDays(7))).isEqualTo(Duration.ofSeconds(30));
    assertThat(Slots.cadence(Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(30));
    assertThat(Slots.cadence(Duration.ofMinutes(20))).isEqualTo(Duration.ofSeconds(10));
    assertThat(Slots.cadence(Duration.ofSeconds(6))).isEqualTo(Duration.ofSeconds(5));
  }
}
