package trunkline.console;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import trunkline.status.Rates;
import trunkline.status.Status;
import trunkline.status.StatusLook;

/// What there is right now, for all who look at the overview.
final class SharedLook {
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final ConsoleLine line;
  private final Shared<Seen> shared = new Shared<>(FRESH, _ -> true);

  /// What was seen.
  ///
  /// @param rates since the look before; null when there was none
  record Seen(Status status, @Nullable Rates rates) {}

  SharedLook(ConsoleLine line) {
    this.line = line;
  }

  Seen now() throws InterruptedException {
    return shared.now(this::look);
  }

  private Seen look(@Nullable Seen former) throws InterruptedException {
    var status = line.connected(StatusLook::glance);
    return new Seen(
        status, former == null ? null : Rates.between(former.status, status).orElse(null));
  }
}
