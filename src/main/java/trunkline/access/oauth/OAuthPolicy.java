package trunkline.access.oauth;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whose tokens are taken, and what must stand in them.
///
/// @param resource what clients are told of this server
/// @param audiences of which a token names one at least
/// @param principalClaim who the bearer is, to its issuer
/// @param tenantClaim a part of who it is, where one issuer knows the users of many
/// @param keysAgeMax an issuer's keys are read again before they are older
/// @param outageMax how long older ones count while the issuer is away
/// @param introspection how the first issuer is asked about tokens that are not signed
public record OAuthPolicy(
    ProtectedResource resource,
    Set<String> audiences,
    String principalClaim,
    Optional<String> tenantClaim,
    Duration keysAgeMax,
    Duration outageMax,
    Optional<Introspecting> introspection) {

  /// How opaque tokens are looked up (RFC 7662).
  ///
  /// @param url where, unless the issuer says it
  /// @param client as which we ask
  /// @param secretFile its secret, read whenever it is used
  public record Introspecting(Optional<URI> url, String client, Path secretFile) {}

  public OAuthPolicy {
    audiences = Set.copyOf(audiences);
    if (audiences.isEmpty() || principalClaim.isBlank()) {
      throw new IllegalArgumentException("a token is for somebody, and of somebody");
    }
    if (!keysAgeMax.isPositive() || outageMax.isNegative()) {
      throw new IllegalArgumentException("keys have an age, and outages a length");
    }
  }

  List<String> issuers() {
    return resource.issuers();
  }
}
