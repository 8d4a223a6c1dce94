package trunkline.console.visitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.access.Authenticator;
import trunkline.access.Authenticator.Verdict;
import trunkline.audit.Denials;
import trunkline.http.Pages.Visit;
import trunkline.seal.Opened;
import trunkline.seal.Seals;

/// Admits by scopes: those of the request's own credentials, or of a key that was given once and
/// that the browser brings back, sealed. The key is judged again with each request, so it ends here
/// when it ends.
public final class ScopedAdmission implements Admission {
  /// Whoever has it looks.
  public static final String LOOKS = "trunkline.view";

  /// Whoever has it looks and acts.
  public static final String ACTS = "trunkline.operate";

  /// Whoever has it besides may see what messages say.
  public static final String READS = "trunkline.payloads";

  private static final Duration VALID = Duration.ofHours(8);
  private static final int REFUSED = 403;
  private static final String NAME = "trunkline_console";
  private static final byte[] BOUND_TO = "console visitor".getBytes(StandardCharsets.UTF_8);
  private static final Pattern COOKIE = Pattern.compile("(?:^|;)\\s*" + NAME + "=([^;\\s]+)");

  /// Printable and without blanks, as a header bears it.
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,8000}");

  private final Authenticator authenticator;
  private final Denials denials;
  private final Seals seals;
  private final boolean secure;

  /// @param denials is told whose key was refused
  /// @param secure whether browsers come by TLS
  public ScopedAdmission(
      Authenticator authenticator, Denials denials, Seals seals, boolean secure) {
    this.authenticator = authenticator;
    this.denials = denials;
    this.seals = seals;
    this.secure = secure;
  }

  @Override
  public Admitted admit(Visit visit) {
    return brought(visit).map(key -> admit(visit, key)).orElseGet(() -> judged(own(visit)));
  }

  /// Judges a key that somebody gives.
  public Admitted judge(Visit visit, String key) {
    var admitted = KEY.matcher(key).matches() ? admit(visit, key) : new Admitted.Unknown();
    if (admitted instanceof Admitted.Unknown || admitted instanceof Admitted.Refused) {
      denials.denied(visit.peer(), "bearer", visit.method(), REFUSED);
    }
    return admitted;
  }

  /// The cookie of who gave this key.
  public String cookie(Visit visit, String key) {
    var sealed = seals.seal(key.getBytes(StandardCharsets.US_ASCII), BOUND_TO, VALID);
    return cookie(visit, sealed, VALID.toSeconds());
  }

  /// The cookie that is none.
  public String forgotten(Visit visit) {
    return cookie(visit, "", 0);
  }

  /// Only a browser that came by TLS, if not to here then to a proxy, keeps one that is for TLS.
  private String cookie(Visit visit, String value, long seconds) {
    var byTls =
        secure
            || visit.headers().apply("Origin").stream().anyMatch(at -> at.startsWith("https://"));
    return "%s=%s; Path=/console; Max-Age=%d; HttpOnly; SameSite=Strict%s"
        .formatted(NAME, value, seconds, byTls ? "; Secure" : "");
  }

  private Optional<String> brought(Visit visit) {
    for (var header : visit.headers().apply("Cookie")) {
      var found = COOKIE.matcher(header);
      if (found.find() && seals.open(found.group(1), BOUND_TO) instanceof Opened.Content(var key)) {
        return Optional.of(new String(key, StandardCharsets.US_ASCII));
      }
    }
    return Optional.empty();
  }

  private Admitted admit(Visit visit, String key) {
    return judged(
        authenticator.judge(
            new Authenticator.Credentials(
                visit.peer(),
                name ->
                    name.equalsIgnoreCase("Authorization")
                        ? Optional.of("Bearer " + key)
                        : Optional.empty())));
  }

  /// What a proxy or a program sends along.
  private Verdict own(Visit visit) {
    return authenticator.judge(
        new Authenticator.Credentials(
            visit.peer(),
            name -> {
              var values = visit.headers().apply(name);
              return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
            }));
  }

  private static Admitted judged(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Known known -> {
        var scopes = known.credential().scopes();
        var acts = scopes.hold(List.of(ACTS));
        yield acts || scopes.hold(List.of(LOOKS))
            ? new Admitted.Visitor(known.principal().name(), acts, scopes.hold(List.of(READS)))
            : new Admitted.Refused("the console takes the scope " + LOOKS + ", or " + ACTS);
      }
      case Verdict.Unknown _ -> new Admitted.Unknown();
      case Verdict.Forbidden(var reason) -> new Admitted.Refused(reason);
      case Verdict.Lacking(var scopes) ->
          new Admitted.Refused("it takes the scopes " + String.join(" ", scopes));
      case Verdict.Unavailable(var reason) -> new Admitted.Unjudged(reason);
    };
  }
}
