package trunkline.access.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Goal: what is remembered of tokens is bounded, whatever they look like.
class RememberedTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Remembered<Integer> remembered =
      new Remembered<>(10 * (Remembered.EACH + 100), new Times(() -> Instant.EPOCH, () -> 0));

  private void put(int number, int length) {
    remembered.put(TokenHash.of("t" + number), number, length, MINUTE);
  }

  private long known(int most) {
    var known = 0L;
    for (var i = 0; i < most; i++) {
      known += remembered.find(TokenHash.of("t" + i)).isPresent() ? 1 : 0;
    }
    return known;
  }

  @Test
  void short_tokens_take_their_room_too_and_the_oldest_make_it() {
    for (var i = 0; i < 10_000; i++) {
      put(i, 1);
    }

    assertThat(known(10_000)).isEqualTo(11);
    assertThat(remembered.find(TokenHash.of("t9999"))).contains(9_999);
  }

  @Test
  void the_same_token_counts_once() {
    for (var i = 0; i < 10; i++) {
      put(i, 100);
      put(i, 100);
    }

    assertThat(known(10)).isEqualTo(10);
  }
}
