package trunkline.cluster;

import java.time.Duration;

/// The facts an instance publishes, and how long it may be silent.
///
/// @param url its address for clients
/// @param version of the software
/// @param lease time without a beat after which it may be declared dead
/// @param trustMargin how long before the lease ends it stops trusting it
/// @param beatInterval pause between two beats
/// @param keptFor retention of a dead or departed instance's row
/// @param historyAgeMax how long it promises to keep messages: SQL functions that clean up read it
public record InstancePolicy(
    String url,
    String version,
    Duration lease,
    Duration trustMargin,
    Duration beatInterval,
    Duration keptFor,
    Duration historyAgeMax) {

  public InstancePolicy {
    if (!trustMargin.isPositive() || trustMargin.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "the margin %s must be shorter than the lease %s".formatted(trustMargin, lease));
    }
    if (!beatInterval.isPositive() || beatInterval.multipliedBy(3).compareTo(lease) > 0) {
      throw new IllegalArgumentException(
          "a lease of %s needs a beat at least every third of it, not every %s"
              .formatted(lease, beatInterval));
    }
    if (keptFor.compareTo(lease) < 0) {
      throw new IllegalArgumentException("kept for " + keptFor + ", less than a lease");
    }
  }

  /// A beat every 2 s for a lease of 10 s, of which 8 s are trusted; 30 days in the directory.
  public static InstancePolicy of(String url, String version) {
    return of(url, version, Duration.ofSeconds(10));
  }

  /// The same proportions for another lease, and an hour of history.
  public static InstancePolicy of(String url, String version, Duration lease) {
    var fifth = lease.dividedBy(5);
    return new InstancePolicy(
        url, version, lease, fifth, fifth, Duration.ofDays(30), Duration.ofHours(1));
  }

  /// The same with another promise of history.
  public InstancePolicy keeping(Duration historyAgeMax) {
    return new InstancePolicy(
        url, version, lease, trustMargin, beatInterval, keptFor, historyAgeMax);
  }
}
