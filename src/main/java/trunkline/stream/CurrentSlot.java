package trunkline.stream;

import java.time.Duration;
import trunkline.store.Clockwork;

/// The slot that is being written, as last read from the database: a hint that every statement
/// corrects.
final class CurrentSlot {
  private final MessageStore messages;
  private volatile Seen seen = new Seen(0, false, 0);

  /// @param known false before the first look
  private record Seen(int slot, boolean known, long nanos) {}

  CurrentSlot(MessageStore messages) {
    this.messages = messages;
  }

  int current() {
    return seen.slot();
  }

  /// The same, not older than this: the keys of batches are remembered in it, so it must not be one
  /// that is about to be truncated. Asks the database after it was quiet for so long.
  int seenWithin(Duration ageMax) {
    var last = seen;
    return last.known() && Clockwork.nanos() - last.nanos() < ageMax.toNanos()
        ? last.slot()
        : refresh();
  }

  void saw(int current) {
    seen = new Seen(current, true, Clockwork.nanos());
  }

  /// Asks the database.
  int refresh() {
    var slot = messages.currentSlot();
    saw(slot);
    return slot;
  }
}
