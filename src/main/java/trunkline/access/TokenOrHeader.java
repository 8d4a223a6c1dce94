package trunkline.access;

import java.util.List;

/// Both ways at once: a request's `Authorization` header decides if present, otherwise the trusted
/// header.
public record TokenOrHeader(Authenticator tokens, Authenticator header) implements Authenticator {
  @Override
  public String insufficient(List<String> scopes) {
    return tokens.insufficient(scopes);
  }

  @Override
  public Verdict judge(Credentials credentials) {
    return credentials.header().apply("authorization").isPresent()
        ? tokens.judge(credentials)
        : header.judge(credentials);
  }
}
