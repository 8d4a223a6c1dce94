package trunkline.feature;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.RpcError;

/// A question to the client got no usable answer.
public final class ClientRequestFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The reason for it.
  public enum Reason {
    /// The client did not answer in time.
    EXPIRED,
    /// The client answered with an error.
    REFUSED,
    /// The session ended while the question was open.
    SESSION_ENDED,
    /// The client's revision lacks it, for instance a required list in a form.
    UNSUPPORTED,
    /// The client owes too many answers, so it was not asked.
    TOO_MANY,
    /// The answer does not have the requested form.
    MALFORMED
  }

  private final Reason reason;
  private final transient @Nullable RpcError error;

  public ClientRequestFailed(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.error = null;
  }

  public ClientRequestFailed(RpcError error) {
    super("the client refused: " + error.message() + " (" + error.code() + ")");
    this.reason = Reason.REFUSED;
    this.error = error;
  }

  public Reason reason() {
    return reason;
  }

  /// The client's own words, when it refused.
  public Optional<RpcError> error() {
    return Optional.ofNullable(error);
  }
}
