package trunkline.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.console.visitor.Admission.Admitted;
import trunkline.console.visitor.Forms;
import trunkline.console.visitor.ScopedAdmission;
import trunkline.http.Pages.Visit;

/// Takes a key once.
final class LoginScreen {
  static final String WORD = "login";

  private static final String TITLE = "Who are you?";

  private final Optional<ScopedAdmission> credentials;
  private final Forms forms;

  /// @param credentials empty where nobody has to say who it is
  LoginScreen(Optional<ScopedAdmission> credentials, Forms forms) {
    this.credentials = credentials;
    this.forms = forms;
  }

  Shown show(Visit visit) {
    if (credentials.isEmpty()) {
      return new Shown.Missing("nobody has to say who they are here");
    }
    return visit.method().equals("POST") ? said(credentials.get(), visit) : asked(200, List.of());
  }

  private Shown said(ScopedAdmission known, Visit visit) {
    if (!forms.isOurs(visit, WORD)) {
      return asked(403, List.of("this page is too old, or not ours; send it again"));
    }
    if (visit.form().containsKey("leave")) {
      return new Shown.Elsewhere(WORD, Map.of("Set-Cookie", known.forgotten(visit)));
    }
    var key = visit.form().getOrDefault("key", "").strip();
    return switch (known.judge(visit, key)) {
      case Admitted.Visitor _ ->
          new Shown.Elsewhere("", Map.of("Set-Cookie", known.cookie(visit, key)));
      case Admitted.Unknown _ -> asked(403, List.of("nobody has this key, or not any more"));
      case Admitted.Refused(var why) -> asked(403, List.of(why));
      case Admitted.Unjudged(var why) -> asked(503, List.of(why + "; try again"));
    };
  }

  private Shown asked(int status, List<String> faults) {
    return new Shown.Filled(status, TITLE, "login.jte", new Login(faults, forms.token(WORD)));
  }
}
