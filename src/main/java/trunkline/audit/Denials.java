package trunkline.audit;

import java.net.InetAddress;

/// Takes note of refusals that come before it is known what was asked for. Returns at once.
@FunctionalInterface
public interface Denials {
  /// Somebody's credentials were refused.
  ///
  /// @param peer the other end of the connection
  /// @param credential their kind
  /// @param method of HTTP
  void denied(InetAddress peer, String credential, String method, int status);
}
