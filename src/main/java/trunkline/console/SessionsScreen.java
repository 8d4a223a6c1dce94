package trunkline.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import trunkline.console.SessionSearch.Age;
import trunkline.console.SessionSearch.State;
import trunkline.console.SessionSearch.Wanted;
import trunkline.http.Pages.Visit;

/// Looks for sessions.
final class SessionsScreen {
  private static final String TITLE = "Sessions";
  private static final String KEY = "[0-9]{1,18}";
  private static final String ID = "[0-9a-f]{32}";

  private final ConsoleLine line;

  SessionsScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(Visit visit) throws InterruptedException {
    var session = Asked.text(visit, "session");
    if (session.matches(KEY)) {
      return new Shown.Elsewhere("sessions/" + session);
    }
    if (!session.isEmpty()) {
      return ofId(session);
    }
    var wanted =
        new Wanted(
            Asked.text(visit, "principal"),
            Asked.text(visit, "client"),
            Asked.choice(visit, "state", State.class),
            Asked.choice(visit, "age", Age.class),
            Asked.key(visit, "before", Long.MAX_VALUE));
    var listing = line.read(sql -> SessionListRows.page(sql, wanted));
    return Shown.filled(
        TITLE, "sessions.jte", new SessionSearch(wanted, listing, older(wanted, listing.older())));
  }

  private Shown ofId(String session) throws InterruptedException {
    var found =
        session.matches(ID)
            ? line.read(sql -> SessionListRows.ofId(sql, session))
            : Optional.<Long>empty();
    return found
        .<Shown>map(key -> new Shown.Elsewhere("sessions/" + key))
        .orElseGet(() ->
            new Shown.Missing(
                "there is no such session: a key is a number, an id has 32 hexadecimal digits, and a"
                    + " session is removed an hour after its end"));
  }

  private static String older(Wanted wanted, Optional<Long> before) {
    return before
        .map(key ->
            "?principal=%s&client=%s&state=%s&age=%s&before=%d"
                .formatted(
                    encoded(wanted.principal()),
                    encoded(wanted.client()),
                    wanted.state().map(State::word).orElse(""),
                    wanted.age().map(Age::word).orElse(""),
                    key))
        .orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
