package trunkline.http;

import org.jspecify.annotations.Nullable;

/// Another process listens on the requested address, or it is not ours.
public final class PortTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PortTaken(String address, int port, @Nullable Throwable cause) {
    super("cannot listen on " + address + " port " + port + reason(cause), cause);
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "" : ": " + cause.getMessage();
  }
}
