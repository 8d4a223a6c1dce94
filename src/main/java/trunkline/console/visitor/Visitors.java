package trunkline.console.visitor;

import java.util.Optional;
import java.util.Set;
import trunkline.http.Pages.Visit;

/// Who may look: whoever sits at this machine and comes straight from it. A proxy on this machine
/// brings others along, and says so.
final class Visitors {
  private static final Set<String> OF_PROXIES =
      Set.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via");

  private Visitors() {}

  /// Why a visitor may not look; empty when it may.
  static Optional<String> refusal(Visit visit) {
    if (!visit.peer().isLoopbackAddress()) {
      return Optional.of("the console is for this machine only");
    }
    if (OF_PROXIES.stream().anyMatch(name -> !visit.headers().apply(name).isEmpty())) {
      return Optional.of("the console is for this machine only, and a proxy asks for another");
    }
    return Optional.empty();
  }
}
