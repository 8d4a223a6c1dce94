package trunkline.access.key;

import trunkline.access.Authenticator;
import trunkline.access.Bearer;

/// Lets in who brings a key (`Authorization: Bearer tk_…`), from memory but for the first time.
final class KeyAuthenticator implements Authenticator {
  private static final Verdict MISSING = new Verdict.Unknown("an API key is needed", "Bearer");
  private static final Verdict REFUSED =
      new Verdict.Unknown(
          "the API key is not known, expired or revoked", "Bearer error=\"invalid_token\"");

  private final MetKeys met;
  private final RefusedKeys refused;
  private final LookUps lookUps;

  KeyAuthenticator(MetKeys met, RefusedKeys refused, LookUps lookUps) {
    this.met = met;
    this.refused = refused;
    this.lookUps = lookUps;
  }

  @Override
  public Verdict judge(Credentials credentials) {
    var token = Bearer.token(credentials);
    if (token.isEmpty()) {
      return MISSING;
    }
    return KeyDigest.of(token.get()).map(this::judge).orElse(REFUSED);
  }

  private Verdict judge(KeyDigest digest) {
    var known = met.find(digest);
    if (known != null) {
      switch (known.state()) {
        case GOOD -> {
          return known.use();
        }
        case DOUBTFUL -> {
          return new Verdict.Unavailable("the API key could not be looked up for too long");
        }
        case ENDED -> {} // or forgotten in this moment: the database knows
      }
    }
    if (refused.contains(digest)) {
      return REFUSED;
    }
    return switch (lookUps.ask(digest)) {
      case LookUp.Good(var key, var began) -> met.add(digest, key, began).use();
      case LookUp.None _ -> {
        refused.add(digest);
        yield REFUSED;
      }
      case LookUp.Unknown(var reason) -> new Verdict.Unavailable(reason);
    };
  }
}
