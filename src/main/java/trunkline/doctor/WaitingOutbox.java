package trunkline.doctor;

import java.time.Duration;
import java.util.List;

/// Whether what SQL callers handed in is carried out.
///
/// @param patience with the oldest
record WaitingOutbox(Duration patience) {
  private static final String NAME = "outbox";

  List<Finding> look(Patient patient) {
    var outbox = patient.ask(WaitingRows::outbox);
    var found =
        "%d rows of what SQL callers handed in wait, the oldest for %d s"
            .formatted(outbox.number(), outbox.seconds());
    return List.of(
        outbox.seconds() > patience.toSeconds()
            ? Finding.warning(
                NAME,
                found,
                "start an instance; where one is ready its log says why it does not carry them out")
            : Finding.ok(NAME, found));
  }
}
