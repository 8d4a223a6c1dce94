package trunkline.signal;

import java.time.Duration;

/// The poll interval of one loop without rings. Each loop has a pace of its own.
public interface Pace {

  /// How long to wait now; it grows while nothing happens.
  Duration interval();

  /// Asked when the interval is over and nobody rang: false when somebody else has looked
  /// meanwhile, and the next interval counts from there.
  default boolean isDue() {
    return true;
  }

  /// The last poll found something, so the next may too.
  void reset();
}
