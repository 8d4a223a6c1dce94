package trunkline.config;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import trunkline.access.Authenticator;
import trunkline.access.BearerTokens;
import trunkline.access.ClientCertificate;
import trunkline.access.ElseCertificate;
import trunkline.access.Networks;
import trunkline.access.TokenOrHeader;
import trunkline.access.TrustedHeader;
import trunkline.tls.SubjectPart;

/// The sources of a client's identity.
///
/// @param principalHeader believed when it comes from one of the proxies
/// @param proxies addresses and networks (`10.0.0.0/8`)
/// @param bearerTokensFile SHA-256 of each token and the principal's name
/// @param certificate what of a client's certificate names it; empty where none is asked for, or
///   says nothing of who it is
public record Trust(
    Optional<String> principalHeader,
    List<String> proxies,
    Optional<Path> bearerTokensFile,
    Optional<SubjectPart> certificate) {

  static Trust read(OptionParser values) {
    var trust =
        new Trust(
            values.text(Option.TRUSTED_PRINCIPAL_HEADER),
            values.list(Option.TRUSTED_PROXIES),
            values.file(Option.BEARER_TOKENS_FILE),
            values
                .file(Option.TLS_CLIENT_CA)
                .map(_ -> values.choice(Option.TLS_PRINCIPAL, SubjectPart.class))
                .filter(part -> part != SubjectPart.NONE));
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

  /// Anonymous unless something is configured; a token counts more than the header, and that more
  /// than the certificate of the connection.
  ///
  /// @throws Refusal when the file of the tokens cannot be read
  public Authenticator authenticator() {
    var others = ofRequest();
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

  /// What a request may bring.
  private Optional<Authenticator> ofRequest() {
    Optional<Authenticator> tokens = bearerTokensFile.map(Trust::tokens);
    Optional<Authenticator> header =
        principalHeader.map(name -> new TrustedHeader(name, Networks.of(proxies)));
    if (tokens.isPresent() && header.isPresent()) {
      return Optional.of(new TokenOrHeader(tokens.get(), header.get()));
    }
    return tokens.or(() -> header);
  }
}
