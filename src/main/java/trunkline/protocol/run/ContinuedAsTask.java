package trunkline.protocol.run;

import java.util.concurrent.CancellationException;

/// Ends this run of a call: it goes on as a task. To a handler it is a cancel.
final class ContinuedAsTask extends CancellationException {
  private static final long serialVersionUID = 1L;

  ContinuedAsTask() {
    super("this run of the call ends here; the call goes on as a task");
  }

  /// It is no failure, and may be frequent.
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable fillInStackTrace() {
    return this;
  }
}
