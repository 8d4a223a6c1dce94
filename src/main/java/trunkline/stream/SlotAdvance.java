package trunkline.stream;

/// The outcomes of an attempt to move the writing to the next slot.
sealed interface SlotAdvance {
  /// The slot is written from now on.
  record Moved(int slot) implements SlotAdvance {}

  /// It is time, but the slot still holds messages.
  record Full(int slot) implements SlotAdvance {}

  /// The current slot is still young, or another instance was faster.
  record NotYet() implements SlotAdvance {}
}
