package trunkline.access;

import java.util.regex.Pattern;
import trunkline.session.Principal;

/// Takes the principal from a header that an authenticating proxy sets, for instance
/// `X-Forwarded-User`. The header proves nothing by itself, so only the listed proxies may send it;
/// from other peers it is refused with 403, not ignored: a client that sends it is trying
/// something, or a proxy is missing from the list, and both should be seen. A listed proxy that
/// does not send it authenticated no user: 401.
public final class TrustedHeader implements Authenticator {
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final String header;
  private final Networks proxies;

  public TrustedHeader(String header, Networks proxies) {
    this.header = header;
    this.proxies = proxies;
  }

  @Override
  public Verdict judge(Credentials credentials) {
    var name = credentials.header().apply(header);
    if (name.isEmpty()) {
      return new Verdict.Unknown("the proxy named no principal", "Bearer");
    }
    if (!proxies.contains(credentials.peer())) {
      return new Verdict.Forbidden(header + " is taken from trusted proxies only");
    }
    if (!NAME.matcher(name.get()).matches() || isReserved(name.get())) {
      return new Verdict.Forbidden("not a principal's name");
    }
    return new Verdict.Known(new Principal(name.get()));
  }

  /// No user becomes the anonymous principal by taking its name.
  static boolean isReserved(String name) {
    return name.equals(Principal.ANONYMOUS.name());
  }
}
