package trunkline.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: nothing that was sealed and still holds ever fails to open, anywhere, while keys are
/// rotated on schedule and by hand. Method: days of five instances in seconds, under a clock that
/// is moved; they read every fifteen seconds, and nobody tells them anything.
class KeyRotationTest {
  private static final Duration POLL = Duration.ofSeconds(15);
  private static final byte[] BOUND = "ada".getBytes(UTF_8);
  private static final int INSTANCES = 5;

  private record Sealed(String token, Instant until) {}

  private final MemoryKeys keys = new MemoryKeys();
  private final List<Member> members = new ArrayList<>();
  private final List<Sealed> carried = new ArrayList<>();

  private final class Member {
    final MemoryKeys.View database = keys.new View();
    final Seals seals = new Seals(database, keys::nanos, SealPolicy.DEFAULT, _ -> {});
    Instant next = keys.now();

    void pollWhenDue(Random random) {
      if (!keys.now().isBefore(next)) {
        var _ = seals.reread();
        next = keys.now().plus(POLL).minusMillis(random.nextInt(2_000));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void what_holds_opens_everywhere(long seed) {
    var random = new Random(seed);
    for (var i = 0; i < INSTANCES; i++) {
      members.add(new Member());
    }
    var used = new HashSet<UUID>();
    for (var step = 0; step < 20_000; step++) {
      keys.pass(Duration.ofMillis(random.nextInt(step % 100 == 0 ? 600_000 : 14_000)));
      members.forEach(member -> member.pollWhenDue(random));
      if (random.nextInt(400) == 0) {
        var _ = members.get(random.nextInt(INSTANCES)).database.rotate();
      }
      if (random.nextInt(5) == 0) {
        var _ = members.get(random.nextInt(INSTANCES)).seals.sweep(500);
      }
      seal(random, used);
      open(random);
    }
    assertThat(used).as("keys in use").hasSizeGreaterThan(10);
    assertThat(keys.size()).as("keys kept").isLessThan(used.size());
  }

  private void seal(Random random, Set<UUID> used) {
    var validFor = Duration.ofSeconds(1 + random.nextInt((int) Seals.VALIDITY_MAX.toSeconds()));
    var by = members.get(random.nextInt(INSTANCES)).seals;
    var token = by.seal(new byte[8], BOUND, validFor);
    var key = Token.parse(token).orElseThrow().key();
    if (used.add(key)) {
      // before anybody opens it, and by what each has read by itself
      var before = keys.reads();
      for (var member : members) {
        assertThat(member.seals.open(token, BOUND)).isInstanceOf(Opened.Content.class);
      }
      assertThat(keys.reads()).as("somebody did not know the key").isEqualTo(before);
    }
    carried.add(new Sealed(token, keys.now().plus(validFor)));
  }

  private void open(Random random) {
    for (var i = 0; i < 3; i++) {
      var at = random.nextInt(carried.size());
      var sealed = carried.get(at);
      if (sealed.until.isBefore(keys.now())) {
        carried.set(at, carried.getLast());
        carried.removeLast();
        if (carried.isEmpty()) {
          return;
        }
        continue;
      }
      var by = members.get(random.nextInt(INSTANCES)).seals;
      assertThat(by.open(sealed.token, BOUND)).isInstanceOf(Opened.Content.class);
    }
  }

  /// It seals with what it has, for as long as it may; each of its seals holds for a day.
  @Test
  void who_is_cut_off_for_a_day_seals_nothing_that_others_cannot_open() {
    var cut = new Member();
    var other = new Member();
    cut.seals.start();
    other.seals.start();
    cut.database.cut();
    keys.rotate();
    keys.pass(MemoryKeys.MARGIN);
    for (var hour = 0; hour < 23; hour++) {
      keys.pass(Duration.ofHours(1));
      var _ = other.seals.sweep(500);
      var _ = other.seals.reread();
    }
    var token = cut.seals.seal(new byte[1], BOUND, Seals.VALIDITY_MAX);
    for (var hour = 0; hour < 24; hour++) {
      keys.pass(Duration.ofHours(1));
      var _ = other.seals.sweep(500);
      var _ = other.seals.reread();
      assertThat(other.seals.open(token, BOUND)).isInstanceOf(Opened.Content.class);
    }
  }

  @Test
  void a_clock_that_was_put_back_leaves_the_key_that_all_have_known_for_the_longest() {
    var old = SealKey.of(new UUID(1, 1), new byte[32], Instant.parse("2026-07-28T00:00:00Z"));
    var later = SealKey.of(new UUID(2, 2), new byte[32], Instant.parse("2026-07-29T00:00:00Z"));
    var ring = new KeyRing(List.of(later, old), Instant.parse("2026-07-27T00:00:00Z"), 0);

    assertThat(ring.sealing(ring.clock(0))).isEqualTo(old);
    assertThat(ring.sealing(ring.clock(Duration.ofHours(24).toNanos()))).isEqualTo(old);
    assertThat(ring.sealing(ring.clock(Duration.ofDays(2).toNanos()))).isEqualTo(later);
  }
}
