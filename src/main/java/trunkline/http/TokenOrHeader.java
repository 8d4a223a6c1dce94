package trunkline.http;

/// Both ways at once: whoever brings an `Authorization` header is judged by it, everybody else by
/// the trusted header.
public record TokenOrHeader(Authenticator tokens, Authenticator header) implements Authenticator {
  @Override
  public Verdict judge(Credentials credentials) {
    return credentials.header().apply("authorization").isPresent()
        ? tokens.judge(credentials)
        : header.judge(credentials);
  }
}
