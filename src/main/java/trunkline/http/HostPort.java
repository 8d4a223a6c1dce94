package trunkline.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A `Host` header, or the authority of an origin: a name or address in lower case, without the
/// brackets of IPv6, and the port that was written, or -1.
record HostPort(String host, int port) {
  static final int PORT_ABSENT = -1;
  static final int HTTP_PORT = 80;
  static final int HTTPS_PORT = 443;

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,5}");
  private static final int NAME_LENGTH_MAX = 253;

  boolean isLoopback() {
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("::1");
  }

  /// Headers come from strangers: an unreadable one is empty, no error.
  static Optional<HostPort> parse(String text) {
    var value = text.strip().toLowerCase(Locale.ROOT);
    var colon = value.lastIndexOf(':');
    var bracket = value.lastIndexOf(']');
    if (colon <= bracket || (bracket < 0 && value.indexOf(':') != colon)) {
      return named(value, PORT_ABSENT);
    }
    var digits = value.substring(colon + 1);
    if (!DIGITS.matcher(digits).matches()) {
      return Optional.empty();
    }
    return named(value.substring(0, colon), Integer.parseInt(digits));
  }

  private static Optional<HostPort> named(String host, int port) {
    var name = host;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1); // the root's dot names the same host
    }
    return isName(name) ? Optional.of(new HostPort(name, port)) : Optional.empty();
  }

  /// By hand, because it is asked of each request.
  private static boolean isName(String name) {
    for (var i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && "._:-".indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= NAME_LENGTH_MAX;
  }

  /// The same with the port that is meant where none was written.
  HostPort or(int usual) {
    return port == PORT_ABSENT ? new HostPort(host, usual) : this;
  }

  /// Whether an allowed entry, which may leave the port open, covers this one.
  boolean isCoveredBy(HostPort allowed) {
    return host.equals(allowed.host) && (allowed.port == PORT_ABSENT || allowed.port == port);
  }
}
