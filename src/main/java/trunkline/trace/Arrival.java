package trunkline.trace;

/// How and when a message came in.
///
/// @param transport `tcp` or `pipe`
/// @param protocol `http`, or empty
/// @param protocolVersion of HTTP, or empty
/// @param nanos by the clock of [System#nanoTime()]
public record Arrival(String transport, String protocol, String protocolVersion, long nanos) {
  /// Over HTTP.
  ///
  /// @param version `1.1`, `2`
  public static Arrival http(String version, long nanos) {
    return new Arrival("tcp", "http", version, nanos);
  }

  /// Over the standard streams, now.
  public static Arrival pipe() {
    return new Arrival("pipe", "", "", System.nanoTime());
  }
}
