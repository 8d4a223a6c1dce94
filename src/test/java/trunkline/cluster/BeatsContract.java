package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.store.SetAside;

/// What the store of beats owes an observer, whatever it is made of.
abstract class BeatsContract {
  private static final SetAside ASIDE = new SetAside("instances", _ -> {});

  private final BeatsBench bench;

  BeatsContract(BeatsBench bench) {
    this.bench = bench;
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private Sighting seen(InstanceId id) {
    return observe(bench.enter()).stream()
        .filter(sighting -> sighting.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private List<Sighting> observe(InstanceId self) {
    return bench.beats().observe(self, ASIDE);
  }

  @Test
  void an_observer_sees_the_others() {
    var self = bench.enter();
    var other = bench.enter();

    assertThat(observe(self)).extracting(Sighting::id).contains(other).doesNotContain(self);
  }

  @Test
  void a_lease_that_lasts_is_no_silence() {
    var living = bench.enter();
    assertThat(seen(living)).matches(sighting -> !sighting.expired() && !sighting.gone());

    assertThat(bench.beats().declareExpiredDead(seen(living))).isFalse();
    assertThat(seen(living).gone()).isFalse();
  }

  @Test
  void a_death_is_declared_once_and_seen() {
    var dead = bench.enter();
    bench.expire(dead);
    var seen = seen(dead);
    assertThat(seen).matches(sighting -> sighting.expired() && !sighting.gone());

    assertThat(bench.beats().declareExpiredDead(seen)).isTrue();
    assertThat(bench.beats().declareExpiredDead(seen)).isFalse();
    assertThat(seen(dead).gone()).isTrue();
  }

  /// Its lease is over all the same: what counts is the sign of life.
  @Test
  void a_beat_after_the_look_saves() {
    var slow = bench.enter();
    bench.expire(slow);
    var seen = seen(slow);

    bench.beat(slow);
    bench.expire(slow);

    assertThat(seen(slow).beatAt()).isAfter(seen.beatAt());
    assertThat(bench.beats().declareExpiredDead(seen)).isFalse();
    assertThat(bench.beats().declareExpiredDead(seen(slow))).isTrue();
  }

  @Test
  void who_has_left_is_gone_and_does_not_die() {
    var gone = bench.enter();
    bench.expire(gone);
    var seen = seen(gone);
    bench.leave(gone);

    assertThat(bench.beats().declareExpiredDead(seen)).isFalse();
    assertThat(seen(gone).gone()).isTrue();
  }
}
