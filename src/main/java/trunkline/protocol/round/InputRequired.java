package trunkline.protocol.round;

import java.util.concurrent.CancellationException;

/// Ends this run of a request: its client is asked for input and sends the request again with the
/// answers (MCP 2026-07-28, Multi Round-Trip Requests). To a handler it is a cancel.
public final class InputRequired extends CancellationException {
  private static final long serialVersionUID = 1L;

  public InputRequired() {
    super("this run of the request ends here, and its client is asked for input");
  }

  /// It is no failure, and may be frequent.
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable fillInStackTrace() {
    return this;
  }
}
