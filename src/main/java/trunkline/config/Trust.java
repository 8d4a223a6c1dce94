package trunkline.config;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import trunkline.access.Authenticator;
import trunkline.access.BearerTokens;
import trunkline.access.Challenges;
import trunkline.access.ClientCertificate;
import trunkline.access.ElseCertificate;
import trunkline.access.Networks;
import trunkline.access.TrustedHeader;
import trunkline.access.WaysIn;
import trunkline.access.WaysIn.Way;
import trunkline.access.key.ApiKeys;
import trunkline.access.oauth.OAuthPolicy;
import trunkline.access.oauth.OAuthTokens;
import trunkline.telemetry.EventSink;
import trunkline.tls.SubjectPart;

/// The sources of a client's identity.
///
/// @param principalHeader believed when it comes from one of the proxies
/// @param proxies addresses and networks (`10.0.0.0/8`)
/// @param scopesHeader believed as the principal's is, and with it only
/// @param bearerTokensFile SHA-256 of each token and the principal's name
/// @param apiKeys whether keys that were issued on the database let somebody in
/// @param oauth whose access tokens are taken
/// @param certificate what of a client's certificate names it; empty where none is asked for, or
///   says nothing of who it is
public record Trust(
    Optional<String> principalHeader,
    List<String> proxies,
    Optional<String> scopesHeader,
    Optional<Path> bearerTokensFile,
    boolean apiKeys,
    Optional<OAuthPolicy> oauth,
    Optional<SubjectPart> certificate) {

  static Trust read(OptionParser values) {
    var trust =
        new Trust(
            values.text(Option.TRUSTED_PRINCIPAL_HEADER),
            values.list(Option.TRUSTED_PROXIES),
            values.text(Option.TRUSTED_SCOPES_HEADER),
            values.file(Option.BEARER_TOKENS_FILE),
            values.flag(Option.API_KEYS),
            IssuerOptions.read(values),
            values
                .file(Option.TLS_CLIENT_CA)
                .map(_ -> values.choice(Option.TLS_PRINCIPAL, SubjectPart.class))
                .filter(part -> part != SubjectPart.NONE));
    if (trust.principalHeader.isPresent() && trust.proxies.isEmpty()) {
      throw new Refusal(
          "--trusted-principal-header needs --trusted-proxies: without it any client could choose"
              + " its own name");
    }
    if (trust.scopesHeader.isPresent() && trust.principalHeader.isEmpty()) {
      throw new Refusal(
          "--trusted-scopes-header needs --trusted-principal-header: scopes are somebody's");
    }
    return trust;
  }

  /// Whether nobody is authenticated.
  public boolean isAnonymous() {
    return principalHeader.isEmpty()
        && bearerTokensFile.isEmpty()
        && !apiKeys
        && oauth.isEmpty()
        && certificate.isEmpty();
  }

  /// Whether clients may be given a token to send; what an identity provider signs they get by
  /// themselves.
  public boolean takesGivenTokens() {
    return bearerTokensFile.isPresent() || apiKeys;
  }

  private static BearerTokens tokens(Path file) {
    try {
      return new BearerTokens(file);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new Refusal(String.valueOf(e.getMessage()), e);
    }
  }

  /// Anonymous unless something is configured. A token counts more than the header, and which
  /// tokens it is one of is told by its form: keys begin as such, signed ones are an issuer's,
  /// others stand in the file or are looked up. What a request says counts more than the
  /// certificate of its connection.
  ///
  /// @param keys begins to take API keys; asked where they are configured
  /// @param events hears of identity providers
  /// @throws Refusal when the file of the tokens cannot be read
  public Authenticator authenticator(Supplier<Authenticator> keys, EventSink events) {
    var others = ofRequest(keys, events);
    return certificate
        .<Authenticator>map(part -> withCertificate(others, new ClientCertificate(part)))
        .or(() -> others)
        .orElse(Authenticator.ANONYMOUS);
  }

  private static Authenticator withCertificate(
      Optional<Authenticator> others, Authenticator certificate) {
    return others
        .<Authenticator>map(each -> new ElseCertificate(each, certificate))
        .orElse(certificate);
  }

  private Optional<Authenticator> ofRequest(Supplier<Authenticator> keys, EventSink events) {
    Optional<Authenticator> header =
        principalHeader.map(name -> new TrustedHeader(name, scopesHeader, Networks.of(proxies)));
    var file = bearerTokensFile.map(Trust::tokens);
    var issuers = oauth.map(policy -> OAuthTokens.of(policy, events));
    if (file.isEmpty() && issuers.isEmpty() && !apiKeys) {
      return header;
    }
    var ways = new ArrayList<Way>();
    if (apiKeys) {
      ways.add(new Way(ApiKeys::isKey, keys.get()));
    }
    issuers.ifPresent(tokens -> ways.add(new Way(OAuthTokens::isSigned, tokens.signed())));
    file.ifPresent(tokens -> ways.add(new Way(tokens::lists, tokens)));
    issuers.flatMap(OAuthTokens::opaque).ifPresent(tokens -> ways.add(Way.ofAllOthers(tokens)));
    return Optional.of(
        new WaysIn(ways, header, issuers.map(OAuthTokens::challenges).orElse(Challenges.PLAIN)));
  }
}
