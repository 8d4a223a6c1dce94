package trunkline.session;

import trunkline.signal.InstanceId;

/// The JSON-RPC id of a question: the asking instance in the high bits, so that no two instances
/// ever draw the same, and below 2^53, so that JavaScript keeps it exact.
public record PendingId(long value) {
  private static final int NUMBER_BITS = 32;

  public static PendingId of(InstanceId instance, int number) {
    return new PendingId((long) instance.value() << NUMBER_BITS | Integer.toUnsignedLong(number));
  }
}
