package trunkline.access.oauth;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import trunkline.access.Authenticator;
import trunkline.access.Bearer;
import trunkline.access.Challenges;
import trunkline.feature.Scopes;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.telemetry.EventSink;

/// The access tokens of the configured issuers.
///
/// [#signed()] and [#opaque()] judge the two kinds that there are. Both know a bearer by issuer and
/// subject ([Subject]), not by the token, so that a new token goes on with what an older one began.
public final class OAuthTokens {
  private final OAuthPolicy policy;
  private final Times times;
  private final SignedTokens signed;
  private final Optional<OpaqueTokens> opaque;

  private OAuthTokens(OAuthPolicy policy, Times times, EventSink events) {
    this.policy = policy;
    this.times = times;
    var link = new ProviderLink();
    Map<String, Issuer> issuers = new HashMap<>();
    for (var name : policy.issuers()) {
      issuers.computeIfAbsent(name, each -> new Issuer(each, policy, link, times, events));
    }
    this.signed = new SignedTokens(policy, issuers, times);
    var first = Objects.requireNonNull(issuers.get(policy.issuers().getFirst()));
    this.opaque =
        policy
            .introspection()
            .map(asking -> new OpaqueTokens(policy, asking, first, link, times, events));
    issuers.values().forEach(Issuer::prepare);
  }

  /// Begins to read the issuers' keys and waits for none of them.
  public static OAuthTokens of(OAuthPolicy policy, EventSink events) {
    return of(policy, Times.SYSTEM, events);
  }

  static OAuthTokens of(OAuthPolicy policy, Times times, EventSink events) {
    return new OAuthTokens(policy, times, events);
  }

  /// Whether a token looks like one that its issuer signed.
  public static boolean isSigned(String token) {
    return SignedTokens.isForm(token);
  }

  public Authenticator signed() {
    return credentials -> judge(credentials, this::signed);
  }

  /// Those that the first issuer is asked about; empty where it is not to be asked.
  public Optional<Authenticator> opaque() {
    return opaque.map(tokens -> credentials -> judge(credentials, token -> opaque(tokens, token)));
  }

  public Challenges challenges() {
    return policy.resource();
  }

  /// Judges one token.
  @FunctionalInterface
  private interface Judgement {
    Authenticator.Verdict of(String token) throws TokenRefused, ProviderAway, InterruptedException;
  }

  private Authenticator.Verdict judge(Authenticator.Credentials credentials, Judgement judgement) {
    var token = Bearer.token(credentials);
    if (token.isEmpty()) {
      return new Authenticator.Verdict.Unknown(
          "a bearer token is needed", policy.resource().missing());
    }
    try {
      return judgement.of(token.get());
    } catch (TokenRefused e) {
      return new Authenticator.Verdict.Unknown(e.reason(), policy.resource().invalid(e.reason()));
    } catch (ProviderAway _) { // the log has the reason, which is not for strangers
      return new Authenticator.Verdict.Unavailable("the identity provider does not answer");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Authenticator.Verdict.Unavailable("the server stops");
    }
  }

  private Authenticator.Verdict signed(String token)
      throws TokenRefused, ProviderAway, InterruptedException {
    var found = signed.judge(token);
    return known(found.token(), () -> found.stands(times));
  }

  private Authenticator.Verdict opaque(OpaqueTokens tokens, String spelled)
      throws TokenRefused, ProviderAway, InterruptedException {
    var token = tokens.judge(spelled);
    var watched = tokens.watch(spelled, token);
    return known(token, () -> tokens.stands(watched));
  }

  private Authenticator.Verdict known(AccessToken token, Authenticator.Standing standing) {
    var scopes = Scopes.of(token.scopes());
    if (!scopes.hold(policy.resource().scopes())) {
      return new Authenticator.Verdict.Lacking(policy.resource().scopes());
    }
    return new Authenticator.Verdict.Known(
        new Principal(token.subject().name()),
        token.claims(),
        new Credential(token.id(), scopes, token.expires()),
        standing);
  }
}
