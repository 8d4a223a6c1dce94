package trunkline.testing;

import java.net.URI;

/// A server that a client can reach, wherever it runs.
public interface Running extends AutoCloseable {
  URI url();

  int id();

  /// Ends it without a goodbye.
  void kill();

  @Override
  void close();
}
