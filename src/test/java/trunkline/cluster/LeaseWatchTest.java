package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;

/// Goal: dead is who shows no sign for a lease *while we look*, and nobody else. Method: looks at
/// chosen moments of the observer's clock, in milliseconds.
class LeaseWatchTest {
  private static final Instant BEAT = Instant.parse("2026-01-01T00:00:00Z");

  private final LeaseWatch watch = new LeaseWatch(Duration.ofSeconds(10));

  @Test
  void silence_for_a_lease_is_death() {
    assertThat(looksUntil(0, 9_999, BEAT, true)).isFalse();
    assertThat(look(10_000, BEAT, true)).isTrue();
  }

  @Test
  void a_beat_in_between_starts_the_lease_anew() {
    looksUntil(0, 9_000, BEAT, true);
    assertThat(look(9_500, BEAT.plusSeconds(1), true)).isFalse();
    assertThat(looksUntil(10_000, 19_000, BEAT.plusSeconds(1), true)).isFalse();
    assertThat(look(19_500, BEAT.plusSeconds(1), true)).isTrue();
  }

  @Test
  void who_has_a_lease_by_the_databases_clock_lives() {
    assertThat(looksUntil(0, 60_000, BEAT, false)).isFalse();
  }

  @Test
  void a_clock_that_jumps_forward_expires_leases_and_kills_nobody() {
    looksUntil(0, 5_000, BEAT, false);
    var jumped = BEAT.plus(Duration.ofDays(365));
    assertThat(look(5_500, BEAT, true)).as("expired at the first look after the jump").isFalse();
    assertThat(looksUntil(6_000, 15_000, jumped, true)).isFalse();
  }

  @Test
  void a_clock_that_jumps_back_is_a_beat_like_any_other() {
    looksUntil(0, 9_500, BEAT, true);
    assertThat(look(10_000, BEAT.minus(Duration.ofDays(365)), true)).isFalse();
  }

  @Test
  void an_outage_gives_everybody_a_full_lease_again() {
    looksUntil(0, 9_500, BEAT, true);
    watch.blind();
    assertThat(looksUntil(10_000, 19_500, BEAT, true)).isFalse();
    assertThat(look(20_000, BEAT, true)).isTrue();
  }

  @Test
  void an_observer_that_stood_still_itself_has_seen_nothing() {
    looksUntil(0, 5_000, BEAT, true);
    assertThat(looksUntil(60_000, 69_500, BEAT, true)).isFalse();
    assertThat(look(70_000, BEAT, true)).isTrue();
  }

  private boolean looksUntil(long fromMillis, long toMillis, Instant beat, boolean expired) {
    var dead = false;
    for (var at = fromMillis; at <= toMillis; at += 500) {
      dead |= look(at, beat, expired);
    }
    return dead;
  }

  private boolean look(long atMillis, Instant beat, boolean expired) {
    var seen = List.of(new Sighting(new InstanceId(7), beat, expired, false));
    return !watch.dead(seen, atMillis * 1_000_000).isEmpty();
  }
}
