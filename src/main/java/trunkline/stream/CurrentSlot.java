package trunkline.stream;

/// The slot that is being written, as last heard from the database: a hint that every statement
/// corrects.
final class CurrentSlot {
  private volatile int slot;

  int current() {
    return slot;
  }

  void saw(int current) {
    slot = current;
  }
}
