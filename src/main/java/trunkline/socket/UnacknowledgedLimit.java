package trunkline.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How long TCP waits for a client to acknowledge what was sent: a machine that fell silent sends
/// no reset, and Linux by itself goes on sending for a quarter of an hour.
///
/// Java has no name for `TCP_USER_TIMEOUT`. It is set on the listening sockets: accepted ones
/// inherit it. Elsewhere than on Linux such a client is noticed when TCP gives up.
public final class UnacknowledgedLimit {
  private static final Logger LOG = LoggerFactory.getLogger(UnacknowledgedLimit.class);
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_USER_TIMEOUT = 18;

  private UnacknowledgedLimit() {}

  /// Sets the limit for every connection that is accepted there from now on.
  ///
  /// @return on how many listening sockets; 0 where the system has no such limit
  public static int set(ListeningSockets sockets, Duration limit) {
    try (var arena = Arena.ofConfined()) {
      var millis = arena.allocateFrom(JAVA_INT, Math.toIntExact(limit.toMillis()));
      var set = sockets.set(IPPROTO_TCP, TCP_USER_TIMEOUT, millis);
      if (set == 0) {
        LOG.info("clients whose machine falls silent are noticed only when TCP gives up");
      }
      return set;
    }
  }
}
