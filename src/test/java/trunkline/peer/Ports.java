package trunkline.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for programs that cannot take any free one and say which.
final class Ports {
  /// Below those that the system gives to clients, so that none of them is taken meanwhile.
  private static final int FROM = 20_000;

  private static final int TO = 30_000;

  private Ports() {}

  static int free() {
    for (var attempt = 0; attempt < 100; attempt++) {
      var port = ThreadLocalRandom.current().nextInt(FROM, TO);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException _) {
        // taken: another one
      }
    }
    throw new AssertionError("no free port between " + FROM + " and " + TO);
  }
}
