package trunkline.console;

import java.time.Duration;
import trunkline.http.Pages.Visit;
import trunkline.status.StatusLook;

/// What clients have not read. With a million streams it takes a second, so it is looked at once in
/// half a minute, and the overview does not wait for it.
final class UnreadScreen {
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final ConsoleLine line;
  private final Shared<Unread> shared = new Shared<>(FRESH, seen -> seen.backlog().isPresent());

  UnreadScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(Visit visit) throws InterruptedException {
    var unread = shared.now(_ -> new Unread(line.look(StatusLook::backlog)));
    return Shown.filled("Unread messages", "unread.jte", unread);
  }
}
