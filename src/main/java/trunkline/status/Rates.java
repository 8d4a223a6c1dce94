package trunkline.status;

import java.time.Duration;
import java.util.Optional;

/// What happened between two looks, by the second.
public record Rates(double messages, double announcements, double transactions) {

  /// Empty when one of them could not be counted, or the counters began anew.
  public static Optional<Rates> between(Status earlier, Status later) {
    var seconds = Duration.between(earlier.at(), later.at()).toMillis() / 1_000.0;
    if (seconds <= 0 || earlier.counters().isEmpty() || later.counters().isEmpty()) {
      return Optional.empty();
    }
    var then = earlier.counters().get();
    var now = later.counters().get();
    var rates =
        new Rates(
            (now.messages() - then.messages()) / seconds,
            (now.announcements() - then.announcements()) / seconds,
            (now.transactions() - then.transactions()) / seconds);
    return rates.messages < 0 || rates.announcements < 0 || rates.transactions < 0
        ? Optional.empty()
        : Optional.of(rates);
  }
}
