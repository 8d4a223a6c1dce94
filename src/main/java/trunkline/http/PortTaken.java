package trunkline.http;

import java.net.BindException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.feature.TrunklineException;

/// Another process listens on the requested address, or it is not ours.
public final class PortTaken extends TrunklineException {
  private static final long serialVersionUID = 1L;

  public PortTaken(String address, int port, @Nullable Throwable cause) {
    this(address, port, reason(port, cause), cause);
  }

  PortTaken(String address, int port, String reason, @Nullable Throwable cause) {
    super(Reason.LISTENING, "cannot listen on " + address + " port " + port + reason, cause);
  }

  /// The system's reason, and who has the port where it is in use and the system tells.
  private static String reason(int port, @Nullable Throwable cause) {
    var reason = cause == null ? "" : ": " + cause.getMessage();
    var holder = isInUse(cause) ? PortHolder.of(port) : Optional.<String>empty();
    return reason + holder.map(it -> " by " + it).orElse("");
  }

  static boolean isInUse(@Nullable Throwable cause) {
    return cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use");
  }
}
