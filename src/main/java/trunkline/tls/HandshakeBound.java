package trunkline.tls;

/// Bounds what a client may do before its handshake is done. The endpoint has the clock, and the
/// words for whoever speaks no TLS.
public interface HandshakeBound {
  /// Begins on the connection's own thread, before its first byte is read.
  Pending begin();

  /// The whole answer to a client that speaks HTTP without TLS, closing included.
  byte[] plainAnswer();

  /// A handshake that has begun.
  interface Pending {
    /// The client has said something.
    void heard();

    void end(Outcome outcome);
  }

  /// The end of a handshake.
  enum Outcome {
    DONE,
    /// The client said nothing at all, as a balancer that only looks whether the port is open.
    SILENT,
    /// It speaks HTTP without TLS.
    PLAIN,
    /// It said something else, left, or was too slow.
    FAILED
  }
}
