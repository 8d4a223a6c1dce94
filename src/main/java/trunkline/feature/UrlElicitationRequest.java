package trunkline.feature;

import java.net.URI;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.OpaqueId;

/// The wish that the user opens a web page: a question of its own, or the reason for a refusal.
///
/// The client sees the address and shows it to the user. So it must not hold credentials or tell
/// who the user is, and must not let in a user who has not signed in at the page.
///
/// @param id unguessable; the page names it when the user is done
/// @param message the reason, for the user
public record UrlElicitationRequest(String id, String message, URI url) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  public UrlElicitationRequest {
    requireSafe(url);
  }

  /// A new one.
  ///
  /// @param page makes the page's address of the elicitation's id, which it has to carry
  public static UrlElicitationRequest of(String message, Function<String, URI> page) {
    var id = OpaqueId.random();
    return new UrlElicitationRequest(id, message, page.apply(id));
  }

  private static void requireSafe(URI url) {
    var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    var host = url.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException(
          "a page that users open has an absolute http or https address");
    }
    if (scheme.equals("http") && !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
      throw new IllegalArgumentException(
          "a page that users open has an https address, unless it is on loopback: " + host);
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException("the address of a page holds no credentials: " + host);
    }
  }

  /// The wire's form, in `elicitation/create` and in the error.
  public ObjectNode json() {
    return Codec.object()
        .put("mode", "url")
        .put("elicitationId", id)
        .put("url", url.toString())
        .put("message", message);
  }
}
