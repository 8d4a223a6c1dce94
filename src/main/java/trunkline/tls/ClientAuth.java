package trunkline.tls;

/// Whether a client has to bring a certificate. One that it brings is checked either way.
public enum ClientAuth {
  /// Without one it may say otherwise who it is.
  OPTIONAL,
  /// Without one there is no connection.
  REQUIRED
}
