package trunkline;

import java.util.Optional;
import trunkline.http.Authenticator;
import trunkline.http.BearerTokens;
import trunkline.http.HttpPolicy;
import trunkline.http.HttpSettings;
import trunkline.http.Networks;
import trunkline.http.TokenOrHeader;
import trunkline.http.TrustedHeader;

/// What the configuration means to the HTTP layer.
final class Settings {
  private Settings() {}

  static HttpSettings http(ServerConfig config, int port) {
    var listening = config.listening();
    var standard = HttpPolicy.DEFAULT;
    return new HttpSettings(
        listening.host(),
        port,
        listening.allowedHosts(),
        listening.allowedOrigins(),
        new HttpPolicy(
            config.keepAlive(),
            standard.writeTimeout(),
            standard.bodyTimeout(),
            listening.bodyBytesMax(),
            standard.stopGrace()));
  }

  /// Anonymous unless something is configured; with both, a token counts more than the header.
  static Authenticator authenticator(ServerConfig.Trust trust) {
    Optional<Authenticator> tokens = trust.bearerTokensFile().map(BearerTokens::new);
    Optional<Authenticator> header =
        trust.principalHeader().map(name -> new TrustedHeader(name, Networks.of(trust.proxies())));
    if (tokens.isPresent() && header.isPresent()) {
      return new TokenOrHeader(tokens.get(), header.get());
    }
    return tokens.or(() -> header).orElse(Authenticator.ANONYMOUS);
  }
}
