package trunkline.http;

import java.time.Duration;

/// Limits and waits of the endpoint.
///
/// @param keepAlive a client that vanished is noticed within this; an idle stream writes about
///   twice as often
/// @param writeTimeout a longer write ends its connection: the client stopped reading
/// @param arrivalTimeout a request's head, and then its body, has this long to arrive, a body
///   longer by its bytes at the slowest pace; too late is a 408
/// @param idleMax a connection on which no request comes for so long is closed
/// @param bodyBytesMax a longer body is a 413
/// @param streamsMax GET streams and listens open at once; one more is a 503
/// @param stopGrace how long open requests may go on when the server stops
public record HttpPolicy(
    Duration keepAlive,
    Duration writeTimeout,
    Duration arrivalTimeout,
    Duration idleMax,
    int bodyBytesMax,
    int streamsMax,
    Duration stopGrace) {
  /// Of a keep-alive interval: shorter than the silence after which a quiet stream writes again, so
  /// that the write after the one that nobody acknowledged already fails.
  private static final double UNACKNOWLEDGED_SHARE = 0.3;

  /// Of the heap, for open streams: what requests may hold (`--memory-share`) comes on top.
  private static final double STREAMS_SHARE = 0.4;

  /// What a silent stream costs, most of it its thread's stack: 12.5 KB were measured. TLS adds its
  /// buffers ([#overTls]).
  private static final int STREAM_BYTES = 14 * 1024;

  private static final int TLS_STREAM_BYTES = 32 * 1024;

  /// Longer than what proxies keep idle connections for (nginx: 60 s): the side that opens
  /// connections should be the one that closes them.
  private static final Duration IDLE_MAX = Duration.ofSeconds(75);

  private static final Duration KEEP_ALIVE_MIN = Duration.ofMillis(100);

  public HttpPolicy {
    if (keepAlive.compareTo(KEEP_ALIVE_MIN) < 0) {
      throw new IllegalArgumentException("keep-alive " + keepAlive + " is below " + KEEP_ALIVE_MIN);
    }
    if (!writeTimeout.isPositive()
        || !arrivalTimeout.isPositive()
        || !idleMax.isPositive()
        || stopGrace.isNegative()) {
      throw new IllegalArgumentException("time-outs are positive");
    }
    if (streamsMax < 1) {
      throw new IllegalArgumentException("there is room for a stream");
    }
    if (bodyBytesMax < 1024) {
      throw new IllegalArgumentException("bodies of " + bodyBytesMax + " bytes hold no request");
    }
  }

  /// How long a client's machine may leave unacknowledged what was sent, or its window closed.
  Duration unacknowledgedMax() {
    return Duration.ofNanos((long) (keepAlive.toNanos() * UNACKNOWLEDGED_SHARE));
  }

  /// As many streams as the heap bears where each has a TLS session besides.
  int overTls() {
    return Math.max(1, (int) ((long) streamsMax * STREAM_BYTES / TLS_STREAM_BYTES));
  }

  /// 10 s to write, 30 s for a head and for a body, 75 s between requests, 1 s of grace; as many
  /// streams as two fifths of the heap bear, 3,700 with 128 MB.
  public static HttpPolicy of(Duration keepAlive, int bodyBytesMax) {
    return new HttpPolicy(
        keepAlive,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        IDLE_MAX,
        bodyBytesMax,
        streamsOf(Runtime.getRuntime().maxMemory()),
        Duration.ofSeconds(1));
  }

  private static int streamsOf(long heap) {
    return Math.clamp((long) (heap * STREAMS_SHARE) / STREAM_BYTES, 1, Integer.MAX_VALUE);
  }
}
