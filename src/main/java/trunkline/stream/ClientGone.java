package trunkline.stream;

/// The client's end of a stream is closed: it left, it vanished, it stopped reading for longer than
/// we wait, or it may not stay. What was not written is still in the database.
public final class ClientGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The cause, which decides the close reason of the stream.
  public enum Cause {
    /// The connection is broken or closed.
    LEFT,
    /// A write did not finish within the write time-out.
    SLOW,
    /// What let it in is over: it has to go.
    DISMISSED
  }

  private final Cause why;

  public ClientGone(Cause why, Throwable cause) {
    super(why == Cause.SLOW ? "the client stopped reading" : "the client left", cause);
    this.why = why;
  }

  /// The client is there yet, and may not stay.
  public ClientGone() {
    super("the client's credentials are over");
    this.why = Cause.DISMISSED;
  }

  public Cause why() {
    return why;
  }
}
