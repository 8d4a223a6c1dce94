package trunkline.exchange;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The limits of a wait for an answer.
///
/// @param patience how long, from the question or the client's last progress on
/// @param atMost how long altogether, whatever the progress; the deadline of the question's row
/// @param progress notified of the client's progress, on the waiting thread; null: it is not asked
///   for
public record AskTimeouts(
    Duration patience, Duration atMost, @Nullable Consumer<QuestionProgress> progress) {

  /// Without progress.
  public static AskTimeouts upTo(Duration patience) {
    return new AskTimeouts(patience, patience, null);
  }
}
