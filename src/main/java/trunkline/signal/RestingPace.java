package trunkline.signal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// The pace of a loop for which somebody else looks: its own only while that is in doubt. The long
/// pause is the net below the net, for a look that sees less than it should.
final class RestingPace implements Pace {
  private static final Duration RESTING = Duration.ofSeconds(10);

  private final BooleanSupplier resting;
  private final Pace own;

  RestingPace(BooleanSupplier resting, Pace own) {
    this.resting = resting;
    this.own = own;
  }

  @Override
  public Duration interval() {
    if (!resting.getAsBoolean()) {
      return own.interval();
    }
    var most = RESTING.toNanos();
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most * 9 / 10, most + 1));
  }

  @Override
  public void reset() {
    own.reset();
  }
}
