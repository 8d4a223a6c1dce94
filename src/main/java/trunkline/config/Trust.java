package trunkline.config;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import trunkline.access.Authenticator;
import trunkline.access.BearerTokens;
import trunkline.access.Networks;
import trunkline.access.TokenOrHeader;
import trunkline.access.TrustedHeader;

/// The sources of a client's identity.
///
/// @param principalHeader believed when it comes from one of the proxies
/// @param proxies addresses and networks (`10.0.0.0/8`)
/// @param bearerTokensFile SHA-256 of each token and the principal's name
public record Trust(
    Optional<String> principalHeader, List<String> proxies, Optional<Path> bearerTokensFile) {

  static Trust read(OptionParser values) {
    var trust =
        new Trust(
            values.text(Option.TRUSTED_PRINCIPAL_HEADER),
            values.list(Option.TRUSTED_PROXIES),
            values.file(Option.BEARER_TOKENS_FILE));
    if (trust.principalHeader.isPresent() && trust.proxies.isEmpty()) {
      throw new Refusal(
          "--trusted-principal-header needs --trusted-proxies: without it any client could choose"
              + " its own name");
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

  /// Anonymous unless something is configured; with both, a token counts more than the header.
  ///
  /// @throws Refusal when the file of the tokens cannot be read
  public Authenticator authenticator() {
    Optional<Authenticator> tokens = bearerTokensFile.map(Trust::tokens);
    Optional<Authenticator> header =
        principalHeader.map(name -> new TrustedHeader(name, Networks.of(proxies)));
    if (tokens.isPresent() && header.isPresent()) {
      return new TokenOrHeader(tokens.get(), header.get());
    }
    return tokens.or(() -> header).orElse(Authenticator.ANONYMOUS);
  }
}
