package trunkline.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import trunkline.access.oauth.OAuthPolicy;
import trunkline.access.oauth.ProtectedResource;

/// The options of identity providers.
final class IssuerOptions {
  /// Each of them says that tokens are to be asked for; without an issuer nobody would.
  private static final List<Option> OF_ISSUERS =
      List.of(
          Option.OIDC_AUDIENCE,
          Option.OIDC_SCOPES,
          Option.PRINCIPAL_CLAIM,
          Option.TENANT_CLAIM,
          Option.OIDC_KEYS_AGE_MAX,
          Option.OIDC_OUTAGE_MAX,
          Option.OIDC_INTROSPECTION_CLIENT,
          Option.OIDC_INTROSPECTION_SECRET_FILE,
          Option.OIDC_INTROSPECTION_URL);

  private IssuerOptions() {}

  /// Empty when there is no issuer.
  static Optional<OAuthPolicy> read(OptionParser values) {
    var issuers = values.list(Option.OIDC_ISSUER);
    if (issuers.isEmpty()) {
      for (var option : OF_ISSUERS) {
        if (values.isGiven(option)) {
          throw new Refusal(values.origin(option) + " needs an --oidc-issuer");
        }
      }
      return Optional.empty();
    }
    var resource = resource(values, issuers);
    var audiences = values.list(Option.OIDC_AUDIENCE);
    return Optional.of(
        new OAuthPolicy(
            resource,
            audiences.isEmpty() ? Set.of(resource.url().toString()) : Set.copyOf(audiences),
            values.require(Option.PRINCIPAL_CLAIM),
            values.text(Option.TENANT_CLAIM),
            values.duration(Option.OIDC_KEYS_AGE_MAX),
            values.duration(Option.OIDC_OUTAGE_MAX),
            introspecting(values)));
  }

  private static ProtectedResource resource(OptionParser values, List<String> issuers) {
    var url =
        values
            .url(Option.PUBLIC_URL)
            .orElseThrow(() ->
                new Refusal(
                    values.origin(Option.OIDC_ISSUER)
                        + " needs a --public-url: clients are told it, and tokens name it as their"
                        + " audience"));
    try {
      return new ProtectedResource(url, issuers, values.list(Option.OIDC_SCOPES));
    } catch (IllegalArgumentException e) {
      throw new Refusal(values.origin(Option.PUBLIC_URL) + ": " + e.getMessage(), e);
    }
  }

  private static Optional<OAuthPolicy.Introspecting> introspecting(OptionParser values) {
    var client = values.text(Option.OIDC_INTROSPECTION_CLIENT);
    var secret = values.file(Option.OIDC_INTROSPECTION_SECRET_FILE);
    var url = values.url(Option.OIDC_INTROSPECTION_URL);
    if (client.isEmpty() && secret.isEmpty() && url.isEmpty()) {
      return Optional.empty();
    }
    if (client.isEmpty() || secret.isEmpty()) {
      throw new Refusal(
          "to look tokens up needs --oidc-introspection-client and"
              + " --oidc-introspection-secret-file");
    }
    url.ifPresent(place -> requireTrustworthy(values, place));
    return Optional.of(new OAuthPolicy.Introspecting(url, client.get(), secret.get()));
  }

  private static void requireTrustworthy(OptionParser values, URI place) {
    if (!ProtectedResource.isTrustworthy(place)) {
      throw new Refusal(
          values.origin(Option.OIDC_INTROSPECTION_URL)
              + ": a secret is sent there, so it is https, or on this machine");
    }
  }
}
