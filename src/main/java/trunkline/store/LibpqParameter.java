package trunkline.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.PGProperty;

/// The parameters of libpq, and of services' URLs, as the driver for Java calls them. What is none
/// of these may be one of the driver's own.
final class LibpqParameter {
  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /// Java's own list of authorities, where libpq has the system's.
  private static final String SYSTEM = "org.postgresql.ssl.DefaultJavaSSLFactory";

  private LibpqParameter() {}

  /// @throws IllegalArgumentException naming the parameter that has no counterpart, or whose value
  ///   is wrong
  static Map<String, String> mapped(Map<String, String> given) {
    Map<String, String> mapped = new LinkedHashMap<>();
    given.forEach((name, value) -> mapped.putAll(mapped(name, value)));
    if (SYSTEM.equals(mapped.get("sslfactory"))
        && !mapped.getOrDefault("sslmode", "verify-full").equals("verify-full")) {
      throw new IllegalArgumentException("sslrootcert=system needs sslmode=verify-full");
    }
    if (SYSTEM.equals(mapped.get("sslfactory"))) {
      mapped.put("sslmode", "verify-full");
    }
    return mapped;
  }

  private static Map<String, String> mapped(String name, String value) {
    return switch (name) {
      case "sslmode" -> Map.of("sslmode", choice(name, value, SSL_MODES));
      // what the driver means by it is verify-full
      case "ssl" -> isOn(name, value) ? Map.of("sslmode", "require") : Map.of();
      case "sslrootcert" ->
          value.equals("system") ? Map.of("sslfactory", SYSTEM) : Map.of(name, value);
      case "sslcert", "sslkey", "sslpassword", "options" -> Map.of(name, value);
      case "sslnegotiation" ->
          Map.of("sslNegotiation", choice(name, value, List.of("postgres", "direct")));
      case "application_name" -> Map.of("ApplicationName", value);
      case "connect_timeout" -> Map.of("connectTimeout", seconds(name, value));
      case "target_session_attrs" -> attributes(name, value);
      case "load_balance_hosts" ->
          Map.of(
              "loadBalanceHosts",
              String.valueOf(choice(name, value, List.of("disable", "random")).equals("random")));
      case "keepalives" -> Map.of("tcpKeepAlive", String.valueOf(isOn(name, value)));
      case "gssencmode" ->
          Map.of("gssEncMode", choice(name, value, List.of("disable", "prefer", "require")));
      case "krbsrvname" -> Map.of("kerberosServerName", value);
      case "channel_binding" ->
          Map.of("channelBinding", choice(name, value, List.of("disable", "prefer", "require")));
      case "require_auth" -> Map.of("requireAuth", value);
      case "client_encoding" -> {
        var _ = choice(name, value.toLowerCase(Locale.ROOT), List.of("utf8", "utf-8", "auto"));
        yield Map.of(); // the driver's own
      }
      // a transaction pooler, in the words of services and other languages' drivers
      case "pgbouncer" -> isOn(name, value) ? Map.of("prepareThreshold", "0") : Map.of();
      case "fallback_application_name" -> Map.of(); // there is always a name
      default -> own(name, value);
    };
  }

  private static Map<String, String> attributes(String name, String value) {
    return switch (value) {
      case "any", "read-write", "primary" -> Map.of(); // only a primary will do, whatever is said
      default ->
          throw new IllegalArgumentException(
              name + "=" + value + ": an instance writes, so it is read-write, primary or any");
    };
  }

  private static Map<String, String> own(String name, String value) {
    var known = Stream.of(PGProperty.values()).map(PGProperty::getName).anyMatch(name::equals);
    if (!known) {
      throw new IllegalArgumentException(
          "the parameter "
              + name
              + " is none that the PostgreSQL driver for Java has a counterpart of: leave it out");
    }
    return Map.of(name, value);
  }

  private static String choice(String name, String value, List<String> choices) {
    if (!choices.contains(value)) {
      throw new IllegalArgumentException(
          name + "=" + value + " is not one of " + String.join(", ", choices));
    }
    return value;
  }

  private static boolean isOn(String name, String value) {
    return List.of("1", "true").contains(choice(name, value, List.of("0", "1", "false", "true")));
  }

  private static String seconds(String name, String value) {
    if (!value.matches("[0-9]{1,6}")) {
      throw new IllegalArgumentException(name + "=" + value + " is not a number of seconds");
    }
    return value;
  }
}
