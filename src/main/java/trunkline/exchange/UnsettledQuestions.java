package trunkline.exchange;

import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import trunkline.store.DatabaseFailure;

/// Questions that nobody waits for any more, although their rows do not say so: the database was
/// away when they were given up. They are few, for each had a handler, and when this process dies
/// the sweep of another closes their rows.
final class UnsettledQuestions {
  private final Queue<Unsettled> left = new ConcurrentLinkedQueue<>();

  /// A question with the outcome that it has, unless another comes first.
  record Unsettled(AskedQuestion question, QuestionOutcome outcome) {}

  void add(Unsettled question) {
    left.add(question);
  }

  /// Settles each on its own; one that fails is tried again the next time.
  ///
  /// @return how many were
  int settle(Consumer<Unsettled> how) {
    var again = new ArrayList<Unsettled>();
    var settled = 0;
    for (var question = left.poll(); question != null; question = left.poll()) {
      try {
        how.accept(question);
        settled++;
      } catch (DatabaseFailure e) {
        again.add(question);
      }
    }
    left.addAll(again);
    return settled;
  }
}
