package trunkline.exchange;

/// The JSON-RPC id of a question: the asking instance in the high bits, so that no two instances
/// ever draw the same, and below 2^53, so that JavaScript keeps it exact.
record PendingId(long value) {
  private static final int NUMBER_BITS = 32;

  static PendingId of(int instance, int number) {
    return new PendingId((long) instance << NUMBER_BITS | Integer.toUnsignedLong(number));
  }
}
