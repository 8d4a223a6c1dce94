package trunkline.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import trunkline.session.Principal;

/// Says who sends a request. Asked for every request; nothing is remembered between them.
@FunctionalInterface
public interface Authenticator {
  /// Everybody is the same anonymous principal; the default.
  Authenticator ANONYMOUS = _ -> new Verdict.Known(Principal.ANONYMOUS);

  Verdict judge(Credentials credentials);

  /// What a request shows.
  ///
  /// @param peer the other end of the connection: the client, or the nearest proxy
  /// @param header the one value of a request header; empty when absent or repeated
  record Credentials(InetAddress peer, Function<String, Optional<String>> header) {}

  /// The answer to a request's credentials.
  sealed interface Verdict {
    record Known(Principal principal) implements Verdict {}

    /// No or wrong credentials: 401 with this challenge.
    record Unknown(String reason, String challenge) implements Verdict {}

    /// Credentials that this peer may not bring: 403.
    record Forbidden(String reason) implements Verdict {}
  }
}
