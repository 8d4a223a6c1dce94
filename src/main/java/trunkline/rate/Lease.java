package trunkline.rate;

/// What an instance asks a bucket for.
///
/// @param wanted tokens; 0 to settle only
/// @param back tokens that it gives back; below 0 those that it has spent without asking
record Lease(BucketKey key, RateLimit limit, int wanted, int back) {
  /// What came of it.
  sealed interface Outcome {
    /// The bucket was there.
    ///
    /// @param tokens as many as wanted, or all that there were
    /// @param left in the bucket
    record Granted(int tokens, double left) implements Outcome {}

    /// Somebody else was at the bucket: nothing was taken or given back.
    record Skipped() implements Outcome {}
  }
}
