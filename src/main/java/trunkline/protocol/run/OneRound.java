package trunkline.protocol.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import trunkline.signal.Step;

/// One round of a take-over at a time: another that begins meanwhile does nothing, since it would
/// take what this one has taken and does not know to run yet. Nobody waits.
final class OneRound {
  private final AtomicBoolean going = new AtomicBoolean();

  Step run(Supplier<Step> round) {
    if (!going.compareAndSet(false, true)) {
      return Step.whole(0);
    }
    try {
      return round.get();
    } finally {
      going.set(false);
    }
  }
}
