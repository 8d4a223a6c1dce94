package trunkline.access;

import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;
import trunkline.session.Credential;
import trunkline.session.Principal;

/// Takes the principal from a header that an authenticating proxy sets, for instance
/// `X-Forwarded-User`. The header proves nothing by itself, so only the listed proxies may send it;
/// from other peers it is refused with 403, not ignored: a client that sends it is trying
/// something, or a proxy is missing from the list, and both should be seen. A listed proxy that
/// does not send it authenticated no user: 401.
public final class TrustedHeader implements Authenticator {
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private static final Pattern BETWEEN_SCOPES = Pattern.compile("[\\s,]+");

  private final String header;
  private final Optional<String> scopesHeader;
  private final Networks proxies;

  /// @param scopesHeader says beside the other one what the principal may do
  public TrustedHeader(String header, Optional<String> scopesHeader, Networks proxies) {
    this.header = header;
    this.scopesHeader = scopesHeader;
    this.proxies = proxies;
  }

  public TrustedHeader(String header, Networks proxies) {
    this(header, Optional.empty(), proxies);
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
    return new Verdict.Known(
        new Principal(name.get()),
        Codec.object(),
        new Credential("", scopes(credentials), null),
        Standing.LASTING);
  }

  private Scopes scopes(Credentials credentials) {
    return scopesHeader
        .flatMap(credentials.header())
        .map(value -> Scopes.parse(BETWEEN_SCOPES.matcher(value).replaceAll(" ")))
        .orElse(Scopes.NONE);
  }

  /// No user becomes the anonymous principal by taking its name.
  static boolean isReserved(String name) {
    return name.equals(Principal.ANONYMOUS.name());
  }
}
