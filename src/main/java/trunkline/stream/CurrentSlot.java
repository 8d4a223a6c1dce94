package trunkline.stream;

/// The slot that is being written, as last read from the database: a hint that every statement
/// corrects.
final class CurrentSlot {
  private final MessageStore messages;
  private volatile int slot;

  CurrentSlot(MessageStore messages) {
    this.messages = messages;
  }

  int current() {
    return slot;
  }

  void saw(int current) {
    slot = current;
  }

  /// Asks the database.
  int refresh() {
    slot = messages.currentSlot();
    return slot;
  }
}
