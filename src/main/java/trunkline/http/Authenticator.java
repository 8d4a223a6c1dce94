package trunkline.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;

/// The decision who sends a request; made for each one, nothing is remembered.
@FunctionalInterface
public interface Authenticator {
  /// All clients are one anonymous principal; the default.
  Authenticator ANONYMOUS = _ -> new Verdict.Known(Principal.ANONYMOUS);

  Verdict judge(Credentials credentials);

  /// A request's proof.
  ///
  /// @param peer the other end of the connection: the client, or the nearest proxy
  /// @param header the one value of a request header; empty when absent or repeated
  record Credentials(InetAddress peer, Function<String, Optional<String>> header) {}

  /// The answer to a request's credentials.
  sealed interface Verdict {
    /// Known, with what its credentials say of it besides.
    record Known(Principal principal, ObjectNode claims) implements Verdict {
      public Known(Principal principal) {
        this(principal, Codec.object());
      }
    }

    /// No or wrong credentials: 401 with this challenge.
    record Unknown(String reason, String challenge) implements Verdict {}

    /// Credentials that this peer may not bring: 403.
    record Forbidden(String reason) implements Verdict {}
  }
}
