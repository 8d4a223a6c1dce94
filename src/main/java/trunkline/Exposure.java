package trunkline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.http.HttpSettings;

/// Whether strangers may read health and metrics.
final class Exposure {
  private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

  private Exposure() {}

  static void warn(HttpSettings http) {
    if (isExposed(http)) {
      LOG.warn(
          "health and metrics (/observe) ask for no credentials and stand on {} port {} beside MCP:"
              + " give them a port of their own (--management-port), or say that the balancer keeps"
              + " them inside (--management-port {})",
          http.host(),
          http.port(),
          http.port());
    }
  }

  /// A place of their own, or that of MCP by name, is somebody's decision.
  static boolean isExposed(HttpSettings http) {
    return http.management().isEmpty() && !isLoopback(http.host());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // the start says so
    }
  }
}
