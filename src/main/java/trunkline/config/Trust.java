package trunkline.config;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import trunkline.access.Authenticator;
import trunkline.access.BearerTokens;
import trunkline.access.KeyOrElse;
import trunkline.access.Networks;
import trunkline.access.TokenOrHeader;
import trunkline.access.TrustedHeader;
import trunkline.access.key.ApiKeys;

/// The sources of a client's identity.
///
/// @param principalHeader believed when it comes from one of the proxies
/// @param proxies addresses and networks (`10.0.0.0/8`)
/// @param scopesHeader believed as the principal's is, and with it only
/// @param bearerTokensFile SHA-256 of each token and the principal's name
/// @param apiKeys whether keys that were issued on the database let somebody in
public record Trust(
    Optional<String> principalHeader,
    List<String> proxies,
    Optional<String> scopesHeader,
    Optional<Path> bearerTokensFile,
    boolean apiKeys) {

  static Trust read(OptionParser values) {
    var trust =
        new Trust(
            values.text(Option.TRUSTED_PRINCIPAL_HEADER),
            values.list(Option.TRUSTED_PROXIES),
            values.text(Option.TRUSTED_SCOPES_HEADER),
            values.file(Option.BEARER_TOKENS_FILE),
            values.flag(Option.API_KEYS));
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

  private static Authenticator tokens(Path file) {
    try {
      return new BearerTokens(file);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new Refusal(String.valueOf(e.getMessage()), e);
    }
  }

  /// Anonymous unless something is configured; a token, of which keys are a kind, counts more than
  /// the header.
  ///
  /// @param keys begins to take API keys; asked where they are configured
  /// @throws Refusal when the file of the tokens cannot be read
  public Authenticator authenticator(Supplier<Authenticator> keys) {
    Optional<Authenticator> tokens = bearerTokensFile.map(Trust::tokens);
    Optional<Authenticator> header =
        principalHeader.map(name -> new TrustedHeader(name, scopesHeader, Networks.of(proxies)));
    if (apiKeys) {
      var judge = keys.get();
      tokens =
          Optional.of(
              tokens
                  .<Authenticator>map(others -> new KeyOrElse(ApiKeys::isKey, judge, others))
                  .orElse(judge));
    }
    if (tokens.isPresent() && header.isPresent()) {
      return new TokenOrHeader(tokens.get(), header.get());
    }
    return tokens.or(() -> header).orElse(Authenticator.ANONYMOUS);
  }
}
