package trunkline.doctor;

import java.util.List;

/// Whether the history moves on: a slot is written for a sixth of it.
final class SlotAge {
  private static final String NAME = "slot age";

  private SlotAge() {}

  static List<Finding> look(Patient patient) {
    var slot = patient.ask(WaitingRows::slot);
    var found = "slot %d is written since %d s".formatted(slot.number(), slot.seconds());
    return List.of(
        slot.isOverdue()
            ? Finding.warning(
                NAME,
                "%s and should have been left after %d s, so the history grows"
                    .formatted(found, slot.dueSeconds()),
                "end what holds a slot or dead rows, where this report names somebody; else the instances"
                    + " say why in their logs (slots blocked)")
            : Finding.ok(NAME, found));
  }
}
