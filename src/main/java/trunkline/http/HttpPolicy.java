package trunkline.http;

import java.time.Duration;

/// Limits and waits of the endpoint.
///
/// @param keepAlive a client that vanished is noticed within this; an idle stream writes about
///   twice as often
/// @param writeTimeout a longer write ends its connection: the client stopped reading
/// @param arrivalTimeout a request's head, and then its body, has this long to arrive, a body
///   longer by its bytes at the slowest pace; too late is a 408
/// @param bodyBytesMax a longer body is a 413
/// @param stopGrace how long open requests may go on when the server stops
public record HttpPolicy(
    Duration keepAlive,
    Duration writeTimeout,
    Duration arrivalTimeout,
    int bodyBytesMax,
    Duration stopGrace) {
  /// Of a keep-alive interval: shorter than the silence after which a quiet stream writes again, so
  /// that the write after the one that nobody acknowledged already fails.
  private static final double UNACKNOWLEDGED_SHARE = 0.3;

  private static final Duration KEEP_ALIVE_MIN = Duration.ofMillis(100);

  public HttpPolicy {
    if (keepAlive.compareTo(KEEP_ALIVE_MIN) < 0) {
      throw new IllegalArgumentException("keep-alive " + keepAlive + " is below " + KEEP_ALIVE_MIN);
    }
    if (!writeTimeout.isPositive() || !arrivalTimeout.isPositive() || stopGrace.isNegative()) {
      throw new IllegalArgumentException("time-outs are positive");
    }
    if (bodyBytesMax < 1024) {
      throw new IllegalArgumentException("bodies of " + bodyBytesMax + " bytes hold no request");
    }
  }

  /// How long a client's machine may leave unacknowledged what was sent, or its window closed.
  Duration unacknowledgedMax() {
    return Duration.ofNanos((long) (keepAlive.toNanos() * UNACKNOWLEDGED_SHARE));
  }

  /// 10 s to write, 30 s for a head and for a body, 1 s of grace.
  public static HttpPolicy of(Duration keepAlive, int bodyBytesMax) {
    return new HttpPolicy(
        keepAlive,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        bodyBytesMax,
        Duration.ofSeconds(1));
  }
}
