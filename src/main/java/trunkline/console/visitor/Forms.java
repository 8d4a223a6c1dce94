package trunkline.console.visitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import trunkline.http.Pages.Visit;
import trunkline.seal.Opened;
import trunkline.seal.Seals;

/// Knows our own forms from those of other pages: the browser says where a form was, and a token in
/// it says that we made it, for this visitor. Any instance can read it.
public final class Forms {
  /// A page may stay open for so long.
  private static final Duration VALID = Duration.ofHours(8);

  private final Seals seals;

  /// @param seals under which any instance knows a token again
  public Forms(Seals seals) {
    this.seals = seals;
  }

  /// Goes into a form.
  ///
  /// @param whose the visitor that gets the form, or the form's own name where nobody is known yet
  public String token(String whose) {
    return seals.seal(new byte[0], boundTo(whose), VALID);
  }

  /// Whether a form was ours, and given to this visitor.
  public boolean isOurs(Visit visit, String whose) {
    var origins = visit.headers().apply("Origin");
    var hosts = visit.headers().apply("Host");
    return hosts.size() == 1
        && (origins.equals(List.of("http://" + hosts.getFirst()))
            || origins.equals(List.of("https://" + hosts.getFirst())))
        && seals.open(visit.form().getOrDefault("token", ""), boundTo(whose))
            instanceof Opened.Content;
  }

  private static byte[] boundTo(String whose) {
    return ("console form of " + whose).getBytes(StandardCharsets.UTF_8);
  }
}
