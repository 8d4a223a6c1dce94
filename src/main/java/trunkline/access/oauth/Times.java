package trunkline.access.oauth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Two clocks: tokens are judged by this machine's time of day, waits and ages by one that only
/// goes forward.
record Times(InstantSource day, LongSupplier nanos) {
  static final Times SYSTEM = new Times(Clock.systemUTC(), System::nanoTime);

  /// How far this machine's clock and the provider's may be apart.
  static final Duration SKEW = Duration.ofSeconds(30);

  Instant now() {
    return day.instant();
  }

  long nanoTime() {
    return nanos.getAsLong();
  }

  boolean isOver(Instant end) {
    return !now().minus(SKEW).isBefore(end);
  }

  boolean isAhead(Instant beginning) {
    return now().plus(SKEW).isBefore(beginning);
  }
}
