package trunkline.tls;

import java.nio.file.Path;
import java.util.Optional;

/// The files of a listener's TLS, all PEM.
///
/// @param certificate the server's certificate, after it those that signed it, one by the other
/// @param key its private key, not encrypted; may be in the same file
/// @param clients whose certificates clients may bring; empty asks for none
/// @param management whether health and metrics speak TLS on a port of their own too; they never
///   ask for a client's certificate
public record TlsSettings(
    Path certificate, Path key, Optional<Clients> clients, boolean management) {

  /// Which clients' certificates are taken.
  ///
  /// @param authorities a file with the certificates of those who sign clients' certificates
  public record Clients(Path authorities, ClientAuth auth) {}
}
