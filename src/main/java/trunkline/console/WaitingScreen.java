package trunkline.console;

import java.time.Duration;
import trunkline.http.Pages.Visit;
import trunkline.status.Status;
import trunkline.status.StatusLook;

/// What waits, and for how long. With a million sessions it takes a second or two, so it is looked
/// at once in half a minute, and the overview does not wait for it.
final class WaitingScreen {
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final ConsoleLine line;
  private final Shared<Status> shared = new Shared<>(FRESH, _ -> true);

  WaitingScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(Visit visit) throws InterruptedException {
    return Shown.filled("What waits", "waiting.jte", shared.now(_ -> line.look(StatusLook::take)));
  }
}
