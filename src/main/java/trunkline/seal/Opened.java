package trunkline.seal;

/// What came of opening a token.
public sealed interface Opened {
  /// It was sealed by an instance of this cluster, for this, and still holds.
  ///
  /// @param bytes what was sealed; nobody else has this array
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Content(byte[] bytes) implements Opened {}

  /// It was sealed by an instance of this cluster, for this, and its time is over.
  record Expired() implements Opened {}

  /// Everything else: garbage, changed, of another version, for something else, under a key that
  /// the database does not have or has no more.
  record Forged() implements Opened {}
}
