package trunkline.protocol;

/// The reason to refuse a request instead of a JSON-RPC result; `http` gives each its status.
public enum Refusal {
  /// Malformed or against the protocol.
  BAD_REQUEST,
  /// No such session, here or for this principal; in the stateless era also: no such method.
  NOT_FOUND,
  /// This method has nothing to offer, for instance a resume with nothing left to replay.
  NOT_ALLOWED,
  /// A cap is reached.
  TOO_MANY,
  /// The database is away and did not come back in time.
  UNAVAILABLE
}
