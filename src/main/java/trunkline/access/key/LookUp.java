package trunkline.access.key;

/// What came of looking a key up.
sealed interface LookUp {
  /// It lets in.
  ///
  /// @param beganNanos when the question was asked
  record Good(GoodKey key, long beganNanos) implements LookUp {}

  record None() implements LookUp {}

  /// Nobody can say: the database is away, or too many wait.
  record Unknown(String reason) implements LookUp {}
}
