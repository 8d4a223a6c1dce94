package trunkline.access;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What a request says of itself counts more than what its connection says: the certificate decides
/// where the others know nobody and no `Authorization` was tried. So a gateway may connect with a
/// certificate and hand on its users' tokens, and a wrong token is refused whoever sends it.
public record ElseCertificate(Authenticator others, Authenticator certificate)
    implements Authenticator {
  @Override
  public Verdict judge(Credentials credentials) {
    var verdict = others.judge(credentials);
    if (!(verdict instanceof Verdict.Unknown)
        || credentials.certificate().isEmpty()
        || credentials.header().apply("authorization").isPresent()) {
      return verdict;
    }
    var other = certificate.judge(credentials);
    return other instanceof Verdict.Unknown ? verdict : other; // whose challenge leads on
  }

  @Override
  public String insufficient(List<String> scopes) {
    return others.insufficient(scopes);
  }

  @Override
  public Map<String, ObjectNode> documents() {
    return others.documents();
  }
}
