package trunkline.access;

import java.util.List;
import java.util.function.Predicate;

/// API keys beside other tokens: what looks like a key is judged as one, and everything else by the
/// others.
public record KeyOrElse(Predicate<String> form, Authenticator keys, Authenticator others)
    implements Authenticator {
  @Override
  public String insufficient(List<String> scopes) {
    return others.insufficient(scopes);
  }

  @Override
  public Verdict judge(Credentials credentials) {
    return Bearer.token(credentials).filter(form).isPresent()
        ? keys.judge(credentials)
        : others.judge(credentials);
  }
}
