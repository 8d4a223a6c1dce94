package trunkline.store;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `postgresql://user:password@host:port,host:port/name?parameter=value`, as libpq reads it, in the
/// words of the driver for Java.
///
/// The errors quote nothing that stands before the first parameter: where a password was not
/// encoded, a part of it is taken for a host, a port or a name.
final class LibpqUrl {
  private static final Pattern SCHEME = Pattern.compile("postgres(?:ql)?://(.*)", Pattern.DOTALL);
  private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._-]+");
  private static final Pattern ADDRESS_SIX = Pattern.compile("\\[[0-9a-fA-F:.]+(%\\w+)?]");
  private static final Pattern ESCAPE_BROKEN = Pattern.compile("%(?![0-9a-fA-F]{2})");
  private static final int PORT_MAX = 65_535;

  private static final String ENCODE =
      "; in a user, a password and a name, @ is written %40, : %3A, / %2F, ? %3F, # %23 and % %25";

  private LibpqUrl() {}

  /// What follows the scheme; empty when it is another one.
  static Optional<String> rest(String url) {
    var matcher = SCHEME.matcher(url);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /// @param rest what follows the scheme
  /// @throws IllegalArgumentException saying what is wrong, without quoting a secret
  static PostgresUrl parse(String rest) {
    var slash = rest.indexOf('/');
    var at = rest.indexOf('@');
    var login = at >= 0 && (slash < 0 || at < slash) ? rest.substring(0, at) : null;
    var parts = (login == null ? rest : rest.substring(at + 1)).split("[?]", 2);
    var place = parts[0].split("/", 2);
    var parameters = parameters(parts.length == 2 ? parts[1] : "");
    var user = part(login, 0).or(() -> Optional.ofNullable(parameters.remove("user")));
    var password = part(login, 1).or(() -> Optional.ofNullable(parameters.remove("password")));
    var name = place.length == 2 && !place[1].isEmpty() ? decoded(place[1]) : null;
    var named = parameters.remove("dbname");
    var database = named == null ? name : named;
    var servers = servers(place[0], parameters.remove("host"), parameters.remove("port"));
    return new PostgresUrl(
        "jdbc:postgresql://"
            + String.join(",", servers)
            + "/"
            + (database == null ? user.map(LibpqUrl::encoded).orElse("") : encoded(database))
            + query(LibpqParameter.mapped(parameters)),
        user.filter(text -> !text.isEmpty()),
        password.filter(text -> !text.isEmpty()));
  }

  private static Optional<String> part(@Nullable String login, int index) {
    if (login == null) {
      return Optional.empty();
    }
    var parts = login.split(":", 2);
    return index < parts.length ? Optional.of(decoded(parts[index])) : Optional.empty();
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new LinkedHashMap<>();
    for (var pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        var parts = pair.split("=", 2);
        if (parts.length != 2) {
          throw new IllegalArgumentException("a parameter after the ? has no = and value");
        }
        found.put(decoded(parts[0]), decoded(parts[1]));
      }
    }
    return found;
  }

  private static List<String> servers(
      String place, @Nullable String hostParameter, @Nullable String portParameter) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (var server : place.split(",", -1)) {
      var colon = server.lastIndexOf(':');
      var isPort = colon >= 0 && colon > server.lastIndexOf(']');
      hosts.add(decoded(isPort ? server.substring(0, colon) : server));
      ports.add(isPort ? server.substring(colon + 1) : "");
    }
    var givenHosts = list(hostParameter, hosts);
    var givenPorts = list(portParameter, ports);
    if (givenPorts.size() != 1 && givenPorts.size() != givenHosts.size()) {
      throw new IllegalArgumentException("there must be one port, or one for each host");
    }
    List<String> servers = new ArrayList<>();
    for (var i = 0; i < givenHosts.size(); i++) {
      var port = port(givenPorts.get(givenPorts.size() == 1 ? 0 : i));
      servers.add(host(givenHosts.get(i)) + port);
    }
    return servers;
  }

  private static List<String> list(@Nullable String given, List<String> otherwise) {
    return given == null ? otherwise : Arrays.asList(given.split(",", -1));
  }

  private static String host(String host) {
    if (host.startsWith("/") || host.startsWith("@")) {
      throw new IllegalArgumentException(
          "the host is a Unix socket, which the PostgreSQL driver for Java does not open: name a"
              + " host that listens on TCP");
    }
    var six = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    if (!host.isEmpty() && !HOST.matcher(host).matches() && !ADDRESS_SIX.matcher(six).matches()) {
      throw new IllegalArgumentException("what stands for the host is no name of one" + ENCODE);
    }
    return host.isEmpty() ? "localhost" : six;
  }

  private static String port(String port) {
    if (port.isEmpty()) {
      return "";
    }
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > PORT_MAX) {
      throw new IllegalArgumentException(
          "what stands for the port is no number from 1 to " + PORT_MAX + ENCODE);
    }
    return ":" + port;
  }

  private static String decoded(String text) {
    if (ESCAPE_BROKEN.matcher(text).find()) {
      throw new IllegalArgumentException("a % begins no escape" + ENCODE);
    }
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }
}
