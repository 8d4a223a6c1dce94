package trunkline.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.session.Credential;
import trunkline.session.Principal;

/// The decision who sends a request; made for each one. Whoever looks something up for it does so
/// in bounded time.
@FunctionalInterface
public interface Authenticator {
  /// All clients are one anonymous principal; the default.
  Authenticator ANONYMOUS = _ -> new Verdict.Known(Principal.ANONYMOUS);

  Verdict judge(Credentials credentials);

  /// What a 403 says to a client whose credentials are good and allow too little (RFC 6750, section
  /// 3.1).
  ///
  /// @param scopes all that the request needs
  default String insufficient(List<String> scopes) {
    return "Bearer error=\"insufficient_scope\", scope=\"" + String.join(" ", scopes) + "\"";
  }

  /// A request's proof.
  ///
  /// @param peer the other end of the connection: the client, or the nearest proxy
  /// @param header the one value of a request header; empty when absent or repeated
  record Credentials(InetAddress peer, Function<String, Optional<String>> header) {}

  /// The answer to a request's credentials.
  sealed interface Verdict {
    /// Known, with what its credentials say of it besides.
    ///
    /// @param standing is asked again while a stream lasts that was opened with them
    record Known(Principal principal, ObjectNode claims, Credential credential, Standing standing)
        implements Verdict {
      public Known(Principal principal) {
        this(principal, Codec.object(), Credential.NONE, Standing.LASTING);
      }
    }

    /// No or wrong credentials: 401 with this challenge.
    record Unknown(String reason, String challenge) implements Verdict {}

    /// Credentials that this peer may not bring: 403.
    record Forbidden(String reason) implements Verdict {}

    /// It cannot be known now, such as while an identity provider is away: 503.
    record Unavailable(String reason) implements Verdict {}
  }

  /// Whether credentials that let somebody in still would: not expired, not revoked. Answered from
  /// memory, at any time and by any thread.
  @FunctionalInterface
  interface Standing {
    /// Of credentials that end with their request.
    Standing LASTING = () -> true;

    boolean holds();
  }
}
