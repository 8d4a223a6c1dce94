package trunkline.http;

import org.jspecify.annotations.Nullable;
import trunkline.feature.TrunklineException;

/// Another process listens on the requested address, or it is not ours.
public final class PortTaken extends TrunklineException {
  private static final long serialVersionUID = 1L;

  public PortTaken(String address, int port, @Nullable Throwable cause) {
    super(Reason.LISTENING, "cannot listen on " + address + " port " + port + reason(cause), cause);
  }

  PortTaken(String address, int port, String reason, Throwable cause) {
    super(Reason.LISTENING, "cannot listen on " + address + " port " + port + ": " + reason, cause);
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "" : ": " + cause.getMessage();
  }
}
