package trunkline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.config.DatabaseChoice;
import trunkline.config.ServerConfig;
import trunkline.config.Trust;
import trunkline.http.HttpSettings;
import trunkline.rate.RatePolicy;

/// Whether strangers may read health and metrics, or keep others out.
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

  /// Where nobody has a name, all have one bucket.
  static void warn(Trust trust, RatePolicy rates) {
    if (rates.countsPrincipals() && trust.isAnonymous()) {
      LOG.warn(
          "--rate-principal and --rate-principal-tool count all clients together, since nobody is"
              + " authenticated: one of them can use up what is there for all");
    }
  }

  /// A place of their own, or that of MCP by name, is somebody's decision.
  static boolean isExposed(HttpSettings http) {
    return http.management().isEmpty() && !isLoopback(http.host());
  }

  /// Whether nobody but this machine's people can be meant: the embedded database, a loopback
  /// address, and no credentials. They have a console.
  static boolean isPrivate(ServerConfig config) {
    return config.database() instanceof DatabaseChoice.Embedded
        && isLoopback(config.http().host())
        && config.trust().isAnonymous();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // the start says so
    }
  }
}
