package trunkline.config;

import java.time.Duration;

/// How long an instance takes to leave.
///
/// @param delay how long it serves on after it said that it is not ready: until balancers and
///   orchestrators have noticed
/// @param timeout how long its calls may go on after that
public record DrainPolicy(Duration delay, Duration timeout) {
  /// For everything that comes after: errors for calls that did not end, last looks at streams, the
  /// goodbye.
  private static final Duration REST = Duration.ofSeconds(8);

  public DrainPolicy {
    if (delay.isNegative() || timeout.isNegative()) {
      throw new IllegalArgumentException("delay " + delay + ", timeout " + timeout);
    }
  }

  /// An embedded database serves one machine, which has no balancer to wait for.
  static DrainPolicy read(OptionParser values) {
    var atOnce = !values.isGiven(Option.DRAIN_DELAY) && DatabaseOptions.isEmbedded(values);
    return new DrainPolicy(
        atOnce ? Duration.ZERO : values.duration(Option.DRAIN_DELAY),
        values.duration(Option.DRAIN_TIMEOUT));
  }

  /// After this the process ends, whatever is left.
  public Duration longest() {
    return delay.plus(timeout).plus(REST);
  }
}
