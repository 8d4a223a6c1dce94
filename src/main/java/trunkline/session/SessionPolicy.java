package trunkline.session;

import java.time.Duration;

/// The limits of sessions.
///
/// @param idleTimeout a session that was unused for so long, and that has no open stream and no
///   running call, is ended (by the next sweep, half a minute later; among a million, up to a
///   quarter of an hour)
/// @param lifetimeMax a session ends at this age, whatever it does
/// @param retention how long an ended session's rows are kept for later inquiries
/// @param principalSessionsMax living sessions of one principal; anonymous clients are exempt
/// @param sessionsMax living sessions altogether, of which a tenth is not for anonymous clients;
///   counted now and then, so a burst on several instances may exceed it a little
/// @param subscriptionsMax resources that one session may subscribe to
/// @param valuesMax values that tools may keep for one session
/// @param valueBytesMax size of one value as UTF-8
/// @param cached whether instances remember sessions, so that a request looks nothing up
public record SessionPolicy(
    Duration idleTimeout,
    Duration lifetimeMax,
    Duration retention,
    int principalSessionsMax,
    int sessionsMax,
    int subscriptionsMax,
    int valuesMax,
    int valueBytesMax,
    boolean cached) {

  static final int VALUE_NAME_LENGTH_MAX = 128;
  static final int URI_LENGTH_MAX = 2_048;

  /// Touches are written up to 10 s late; the sweep waits long enough to see them all.
  static final Duration TOUCH_INTERVAL = Duration.ofSeconds(10);

  static final Duration TOUCH_GRACE = Duration.ofSeconds(30);

  /// Idle for so long, an anonymous client's session makes room for another when there are as many
  /// as there may be. Touches are seen by then.
  static final Duration ROOM_IDLE = Duration.ofMinutes(1);

  public SessionPolicy {
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("lifetimeMax", lifetimeMax);
    requirePositive("retention", retention);
    requirePositive("principalSessionsMax", principalSessionsMax);
    requirePositive("sessionsMax", sessionsMax);
    requirePositive("subscriptionsMax", subscriptionsMax);
    requirePositive("valuesMax", valuesMax);
    requirePositive("valueBytesMax", valueBytesMax);
  }

  /// An ended session is kept for an hour; 1,000 subscriptions, 256 values of 64 KiB.
  public static SessionPolicy of(
      Duration idleTimeout, Duration lifetimeMax, int principalSessionsMax, int sessionsMax) {
    return new SessionPolicy(
        idleTimeout,
        lifetimeMax,
        Duration.ofHours(1),
        principalSessionsMax,
        sessionsMax,
        1_000,
        256,
        65_536,
        true);
  }

  /// The same, remembered by the instances or not.
  public SessionPolicy cached(boolean whether) {
    return new SessionPolicy(
        idleTimeout,
        lifetimeMax,
        retention,
        principalSessionsMax,
        sessionsMax,
        subscriptionsMax,
        valuesMax,
        valueBytesMax,
        whether);
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
