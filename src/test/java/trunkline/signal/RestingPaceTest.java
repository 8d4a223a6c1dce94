package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RestingPaceTest {
  private static final Duration OWN = Duration.ofMillis(7);

  private final AtomicBoolean hearing = new AtomicBoolean(true);
  private final Lookout lookout = new Lookout();
  private final Doorbell bell = new Doorbell();
  private final Pace pace =
      new RestingPace(
          () -> hearing.get() && lookout.isLooking(),
          new Pace() {
            @Override
            public Duration interval() {
              return OWN;
            }

            @Override
            public void reset() {}
          });

  @Test
  void it_rests_only_while_somebody_looks_and_notify_arrives() {
    assertThat(pace.interval()).as("nobody has looked yet").isEqualTo(OWN);

    lookout.looked(System.nanoTime());
    assertThat(pace.interval()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));

    hearing.set(false);
    assertThat(pace.interval()).isEqualTo(OWN);

    hearing.set(true);
    lookout.lost();
    assertThat(pace.interval()).isEqualTo(OWN);
  }

  @Test
  void who_rests_is_rung_when_a_look_fails_or_the_canary_is_missed() throws Exception {
    lookout.rest(bell::ring);
    lookout.looked(System.nanoTime());
    assertThat(bell.await(Duration.ZERO)).isFalse();

    lookout.lost();
    assertThat(bell.await(Duration.ZERO)).isTrue();

    lookout.ring();
    assertThat(bell.await(Duration.ZERO)).isTrue();
  }
}
