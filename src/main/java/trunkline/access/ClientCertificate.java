package trunkline.access;

import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.tls.ShownCertificate;
import trunkline.tls.SubjectPart;

/// Takes the principal from the certificate of the client's connection. That it was signed by who
/// may sign it was checked when the connection was opened, and is asked again with each request: an
/// authority that was taken out of its file ends what its clients may do.
///
/// A certificate that has no such part, or two of them, names nobody: 403, since a client cannot
/// mend it by authenticating.
public record ClientCertificate(SubjectPart part) implements Authenticator {
  /// There is no registered scheme for it; clients know it from the handshake.
  private static final String CHALLENGE = "Certificate";

  /// Names have spaces in them, and letters of all scripts; but nothing that a terminal obeys.
  private static final Pattern NAME = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}]{1,200}");

  /// As bearers of access tokens are called: an issuer's URL, a space, and more.
  private static final Pattern OF_ISSUER = Pattern.compile("(?i:https?)://[^ ]+ ");

  @Override
  public Verdict judge(Credentials credentials) {
    var shown = credentials.certificate();
    if (shown.isEmpty()) {
      return new Verdict.Unknown("a client certificate is needed", CHALLENGE);
    }
    if (!shown.get().isTrusted()) {
      return new Verdict.Unknown("the client certificate is not trusted any more", CHALLENGE);
    }
    var name = part.of(shown.get().certificate()).filter(ClientCertificate::isName);
    if (name.isEmpty()) {
      return new Verdict.Forbidden(
          "the client certificate names no principal (--tls-principal "
              + part.name().toLowerCase(Locale.ROOT)
              + ")");
    }
    return known(name.get(), shown.get());
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches()
        && !name.isBlank()
        && name.equals(name.strip())
        && !OF_ISSUER.matcher(name).lookingAt()
        && !TrustedHeader.isReserved(name);
  }

  private static Verdict known(String name, ShownCertificate shown) {
    return new Verdict.Known(
        new Principal(name),
        claims(shown),
        new Credential("certificate:" + shown.id(), Scopes.NONE, shown.expires()),
        shown::isTrusted);
  }

  private static ObjectNode claims(ShownCertificate shown) {
    var certificate = shown.certificate();
    var claims = Codec.object();
    claims
        .putObject("certificate")
        .put("subject", certificate.getSubjectX500Principal().getName())
        .put("issuer", certificate.getIssuerX500Principal().getName())
        .put("serial", certificate.getSerialNumber().toString(16));
    return claims;
  }
}
