package trunkline.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Several kinds of credentials at once. What a token looks like tells which kind it is, and that
/// one alone judges it; a request without an `Authorization` header is judged by the trusted header
/// where that is configured.
///
/// Whoever judges, the challenge is the same: a client is told all that it needs to get in.
public final class WaysIn implements Authenticator {
  private final List<Way> ways;
  private final Optional<Authenticator> header;
  private final Challenges challenges;

  /// A kind of tokens.
  ///
  /// @param form whether a token is of this kind; asked in order
  /// @param authenticator which judges those
  public record Way(Predicate<String> form, Authenticator authenticator) {
    /// The kind of all tokens that are of no other.
    public static Way ofAllOthers(Authenticator authenticator) {
      return new Way(_ -> true, authenticator);
    }
  }

  /// @param header judges requests without an `Authorization` header
  public WaysIn(List<Way> ways, Optional<Authenticator> header, Challenges challenges) {
    this.ways = List.copyOf(ways);
    this.header = header;
    this.challenges = challenges;
  }

  @Override
  public Verdict judge(Credentials credentials) {
    var verdict = judged(credentials);
    if (!(verdict instanceof Verdict.Unknown(var reason, _))) {
      return verdict;
    }
    var challenge =
        Bearer.token(credentials).isPresent() ? challenges.invalid(reason) : challenges.missing();
    return new Verdict.Unknown(reason, challenge);
  }

  private Verdict judged(Credentials credentials) {
    var token = Bearer.token(credentials);
    if (token.isPresent()) {
      return ways.stream()
          .filter(way -> way.form().test(token.get()))
          .findFirst()
          .map(way -> way.authenticator().judge(credentials))
          .orElseGet(() -> new Verdict.Unknown("the token is not known", ""));
    }
    if (header.isPresent() && credentials.header().apply("authorization").isEmpty()) {
      return header.get().judge(credentials);
    }
    return new Verdict.Unknown("a bearer token is needed", "");
  }

  @Override
  public String insufficient(List<String> scopes) {
    return challenges.insufficient(scopes);
  }

  @Override
  public Map<String, ObjectNode> documents() {
    return challenges.documents();
  }
}
