package trunkline.protocol;

/// Where clients come in: an HTTP server with many, or the standard input with one.
public interface Entrance extends AutoCloseable {
  /// Lets nobody in any more; who is in is served on.
  void refuse();

  /// Waits until nobody is let in any more.
  void awaitRefused();

  /// The open connections, idle ones included.
  int connections();

  /// Refuses, lets what is open finish for a moment, then closes. The streams were ended before.
  @Override
  void close();

  /// Refuses, and closes whatever is open.
  void kill();
}
