package trunkline.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trunkline.rate.Bucket.Turn;
import trunkline.rate.Lease.Outcome;

/// What one instance does with its portions of a bucket. Method: the clock is a number, and the
/// database's answers are given by hand.
class BucketTest {
  private static final RateLimit LIMIT = RateLimit.parse("1000/s");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final Bucket bucket = new Bucket(BucketKey.ofTool("bake"), LIMIT, 0);

  private Lease asks(@Nullable Lease lease) {
    return Objects.requireNonNull(lease);
  }

  private Lease waits(long nanos) {
    if (bucket.take(LIMIT, false, nanos) instanceof Turn.Waiting waiting) {
      return asks(waiting.ask());
    }
    throw new AssertionError("does not wait");
  }

  private @Nullable Lease takes(long nanos) {
    var turn = bucket.take(LIMIT, false, nanos);
    assertThat(turn).isInstanceOf(Turn.Taken.class);
    return ((Turn.Taken) turn).ask();
  }

  private void grant(Lease lease, int tokens, long nanos) {
    assertThat(bucket.settle(lease, new Outcome.Granted(tokens, 500), nanos)).isNull();
  }

  @Test
  void portions_grow_with_the_demand_up_to_a_quarter_of_a_second_and_are_asked_for_ahead() {
    var lease = waits(0);
    assertThat(lease.wanted()).isEqualTo(1);
    grant(lease, 1, MILLI);
    assertThat(takes(MILLI)).isNull();

    lease = waits(2 * MILLI);
    assertThat(lease.wanted()).isEqualTo(1);
    var asked = 0;
    var now = 2 * MILLI;
    for (var i = 0; i < 1000; i++) {
      now += MILLI / 10;
      if (lease != null) {
        grant(lease, lease.wanted(), now);
        asked++;
      }
      lease = takes(now);
    }

    assertThat(asked).as("statements for a thousand calls").isLessThan(15);
  }

  /// Sixty in a minute may come at once, and every one of them has a token in the table.
  @Test
  void what_comes_at_once_is_asked_for_at_once() {
    var minute = RateLimit.parse("60/m");
    var slow = new Bucket(BucketKey.ofTool("bake"), minute, 0);
    var first = asks(((Turn.Waiting) slow.take(minute, false, 0)).ask());
    for (var i = 1; i < 60; i++) {
      assertThat(((Turn.Waiting) slow.take(minute, false, 0)).ask()).isNull();
    }
    assertThat(first.wanted()).isEqualTo(1);
    assertThat(slow.settle(first, new Outcome.Granted(1, 59), MILLI)).isNull();
    assertThat(slow.take(minute, false, MILLI)).isInstanceOf(Turn.Taken.class);

    var others = asks(((Turn.Waiting) slow.take(minute, false, MILLI)).ask());
    assertThat(others.wanted()).isBetween(58, 59);
    assertThat(slow.settle(others, new Outcome.Granted(others.wanted(), 0), MILLI)).isNull();
    for (var i = 0; i < 58; i++) {
      assertThat(slow.take(minute, false, MILLI)).isInstanceOf(Turn.Taken.class);
    }
  }

  @Test
  void an_idle_instance_gives_back_what_it_has() {
    grant(waits(0), 5, MILLI);
    assertThat(takes(MILLI)).isNull();

    assertThat(bucket.idle(SECOND)).as("used lately").isNull();
    var back = asks(bucket.idle(3 * SECOND));
    assertThat(back.wanted()).isZero();
    assertThat(back.back()).isEqualTo(4);
    grant(back, 0, 3 * SECOND);
    assertThat(bucket.idle(6 * SECOND)).as("once").isNull();
    assertThat(bucket.forgetIfOld(30 * SECOND)).isFalse();
    assertThat(bucket.forgetIfOld(90 * SECOND)).isTrue();
    assertThat(bucket.take(LIMIT, false, 91 * SECOND)).isInstanceOf(Turn.Forgotten.class);
  }

  @Test
  void a_shortage_is_told_at_once_and_asked_about_again_after_a_pause() {
    var lease = waits(0);
    assertThat(bucket.settle(lease, new Outcome.Granted(0, 0.5), 0)).isNull();

    var refused = bucket.take(LIMIT, false, MILLI);
    assertThat(refused).isInstanceOf(Turn.Refused.class);
    assertThat(((Turn.Refused) refused).retryAfter())
        .isBetween(Duration.ofMillis(150), Duration.ofMillis(260));
    assertThat(waits(SECOND / 2).wanted()).isEqualTo(1);
  }

  @Test
  void a_small_rate_tells_when_there_is_one_again() {
    var small = RateLimit.parse("1/m");
    var slow = new Bucket(BucketKey.ofTool("bake"), small, 0);
    var lease = asks(((Turn.Waiting) slow.take(small, false, 0)).ask());
    assertThat(slow.settle(lease, new Outcome.Granted(0, 0.25), 0)).isNull();

    var refused = (Turn.Refused) slow.take(small, false, MILLI);
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(44), Duration.ofSeconds(46));
  }

  @Test
  void another_limit_counts_at_once_and_what_it_has_no_room_for_is_given_back() {
    grant(waits(0), 5, MILLI);
    var strict = RateLimit.parse("4/s");

    assertThat(bucket.take(strict, false, 2 * MILLI)).isInstanceOf(Turn.Taken.class);
    var lease = asks(((Turn.Waiting) bucket.take(strict, false, 3 * MILLI)).ask());
    assertThat(lease.limit()).isEqualTo(strict);
    assertThat(lease.back()).isEqualTo(4);
    assertThat(lease.wanted()).isEqualTo(1);
  }

  @Test
  void who_finds_the_bucket_locked_asks_again_a_few_times() {
    var lease = waits(0);
    for (var i = 1; i < 10; i++) {
      assertThat(bucket.settle(lease, new Outcome.Skipped(), 0)).isSameAs(lease);
    }
    assertThat(bucket.settle(lease, new Outcome.Skipped(), 0)).isNull();
    assertThat(bucket.take(LIMIT, false, MILLI)).isInstanceOf(Turn.Refused.class);
  }

  /// A third of 1000 in a second, beginning with a second's worth; then the bucket is told.
  @Test
  void without_the_database_it_goes_on_by_a_share_of_its_own_which_is_taken_off_afterwards() {
    bucket.take(LIMIT, false, 0);
    bucket.fail(0);
    assertThat(bucket.take(LIMIT, true, MILLI)).isInstanceOf(Turn.Alone.class);
    var passed = 0;
    while (bucket.takeAlone(3, MILLI).isZero()) {
      passed++;
    }
    assertThat(passed).isEqualTo(333);
    while (bucket.takeAlone(3, MILLI + SECOND / 10).isZero()) {
      passed++;
    }
    assertThat(passed).isBetween(365, 366);

    var lease = asks(((Turn.Alone) bucket.take(LIMIT, true, 2 * SECOND)).ask());
    assertThat(lease.back()).as("up to the share of the burst").isEqualTo(-333);
    grant(lease, 1, 2 * SECOND);
    assertThat(takes(2 * SECOND)).isNull();
    assertThat(waits(3 * SECOND).back()).as("once").isZero();
  }

  @Test
  void what_is_owed_stays_owed_until_a_statement_has_taken_it() {
    bucket.take(LIMIT, true, 0);
    assertThat(bucket.takeAlone(1, 0)).isZero();
    bucket.fail(0);

    var lease = asks(((Turn.Alone) bucket.take(LIMIT, true, 2 * SECOND)).ask());
    assertThat(lease.back()).isEqualTo(-1);
    bucket.fail(2 * SECOND);
    assertThat(asks(((Turn.Alone) bucket.take(LIMIT, true, 4 * SECOND)).ask()).back())
        .isEqualTo(-1);
  }
}
