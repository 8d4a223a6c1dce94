package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;

/// What is remembered, for how long, and how much of it. Time is a number here.
class SessionCacheTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NEVER = 1_000 * SECOND;

  private final SessionCache cache = new SessionCache(100, 1_000_000);

  @BeforeEach
  void license() {
    licensedUntil(NEVER);
  }

  private void licensedUntil(long nanos) {
    cache.license(cache.mark().generation(), nanos, 0);
  }

  private static Session session(int number) {
    return new Session(
        new SessionKey(number),
        new SessionId("%032d".formatted(number)),
        "2025-11-25",
        Principal.ANONYMOUS,
        Codec.object(),
        Codec.object(),
        null,
        new StreamId(number),
        0,
        "");
  }

  private boolean keep(int number, long now) {
    return cache.keep(session(number), 1_000, NEVER, cache.mark(), now);
  }

  private boolean isKnown(int number, long now) {
    return cache.find(session(number).id(), now) != null;
  }

  @Test
  void what_is_kept_is_found_while_the_licence_lasts() {
    licensedUntil(2 * SECOND);
    assertThat(keep(1, 0)).isTrue();

    assertThat(cache.find(session(1).id(), SECOND)).isEqualTo(session(1));
    assertThat(isKnown(2, SECOND)).isFalse();
    assertThat(isKnown(1, 2 * SECOND)).as("when it is over").isFalse();
  }

  @Test
  void a_licence_that_ran_out_leaves_nothing_to_the_next() {
    licensedUntil(SECOND);
    keep(1, 0);

    cache.license(cache.mark().generation(), 9 * SECOND, 2 * SECOND);

    assertThat(isKnown(1, 3 * SECOND)).isFalse();
    assertThat(keep(2, 3 * SECOND)).isTrue();
    assertThat(isKnown(2, 3 * SECOND)).isTrue();
  }

  @Test
  void a_look_that_began_before_everything_was_forgotten_gives_no_licence() {
    var before = cache.mark().generation();
    cache.empty();

    cache.license(before, NEVER, 0);

    assertThat(keep(1, 0)).isFalse();
  }

  @Test
  void nothing_is_kept_that_was_asked_for_before_a_change_was_heard() {
    var mark = cache.mark();
    cache.evict(new SessionKey(7));

    assertThat(cache.keep(session(7), 1_000, NEVER, mark, 0)).isFalse();
    assertThat(cache.keep(session(8), 1_000, NEVER, mark, 0)).as("of whichever").isFalse();
    assertThat(keep(8, 0)).isTrue();
  }

  @Test
  void a_changed_session_is_forgotten_and_no_other() {
    keep(1, 0);
    keep(2, 0);

    cache.evict(new SessionKey(1));

    assertThat(isKnown(1, 0)).isFalse();
    assertThat(isKnown(2, 0)).isTrue();
  }

  @Test
  void no_session_is_remembered_beyond_its_lifetime() {
    cache.keep(session(1), 1_000, 3 * SECOND, cache.mark(), 0);

    assertThat(isKnown(1, 2 * SECOND)).isTrue();
    assertThat(isKnown(1, 3 * SECOND)).isFalse();
  }

  @Test
  void every_minute_it_is_looked_up_again() {
    keep(1, 0);

    assertThat(isKnown(1, SessionCache.AGE_NANOS - 1)).isTrue();
    assertThat(isKnown(1, SessionCache.AGE_NANOS)).isFalse();
  }

  @Test
  void what_is_not_used_is_forgotten_and_takes_no_heap() {
    keep(1, 0);
    keep(2, 0);
    isKnown(2, 9 * SECOND);

    cache.tidy(SessionCache.UNUSED_NANOS + SECOND);

    assertThat(cache.size()).isOne();
    assertThat(cache.bytes()).isEqualTo(1_000);
    assertThat(isKnown(2, 12 * SECOND)).isTrue();
  }

  @Test
  void among_too_many_the_longest_unused_make_room() {
    for (var i = 0; i < 100; i++) {
      keep(i, i * SECOND / 10);
    }

    keep(100, 20 * SECOND);

    assertThat(cache.size()).isBetween(50, 100);
    assertThat(isKnown(0, 20 * SECOND)).isFalse();
    assertThat(isKnown(99, 20 * SECOND)).isTrue();
    assertThat(isKnown(100, 20 * SECOND)).isTrue();
  }

  @Test
  void room_is_made_while_the_others_are_used() throws InterruptedException {
    var full = new SessionCache(2_000, Long.MAX_VALUE);
    full.license(full.mark().generation(), NEVER, 0);
    var sessions = IntStream.range(0, 4_000).mapToObj(SessionCacheTest::session).toList();
    var made = new AtomicBoolean();
    var using =
        Thread.ofPlatform()
            .start(() -> {
              for (var i = 0; !made.get(); i++) {
                full.find(
                    sessions.get(Math.floorMod(i * 31, 4_000)).id(), Math.floorMod(i, 50) * SECOND);
              }
            });
    try {
      for (var i = 0; i < 40_000; i++) {
        var session = sessions.get(i % 4_000);
        assertThat(full.keep(session, 1_000, NEVER, full.mark(), 0)).isTrue();
      }
    } finally {
      made.set(true);
      using.join();
    }
  }

  @Test
  void big_ones_count_by_their_bytes_and_the_biggest_are_not_kept() {
    assertThat(cache.keep(session(1), 200_000, NEVER, cache.mark(), 0)).isFalse();
    for (var i = 0; i < 50; i++) {
      assertThat(cache.keep(session(i), 100_000, NEVER, cache.mark(), i)).isTrue();
    }

    assertThat(cache.bytes()).isLessThanOrEqualTo(1_000_000);
    assertThat(cache.size()).isLessThanOrEqualTo(10);
  }
}
