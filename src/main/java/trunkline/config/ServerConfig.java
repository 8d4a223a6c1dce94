package trunkline.config;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import trunkline.http.HttpPolicy;
import trunkline.http.HttpSettings;

/// The configuration of an instance; the limits of each part hold by construction.
///
/// @param http its address and the clients it answers; port 0 is a free one
/// @param console whether there is to be one, and what it shows
/// @param advertise this instance's URL, when it does not follow from host and port
/// @param publicUrl under which clients reach the server, if somebody said it
/// @param database the PostgreSQL
/// @param features names of catalogs, paths of jars or of folders with jars
/// @param settings of catalogs: `shop.url`, which `shop` knows as `url`
/// @param identity what the server calls itself
/// @param toolset the part of the catalog that one client over stdio gets; empty: the whole
/// @param requestHeaders those that handlers see besides what catalogs name, in lower case
/// @param policies the limits and waits of everything else
/// @param trust the sources of a client's identity
/// @param logging the form of the log
public record ServerConfig(
    HttpSettings http,
    ConsoleChoice console,
    Optional<URI> advertise,
    Optional<URI> publicUrl,
    DatabaseChoice database,
    List<String> features,
    Map<String, String> settings,
    Identity identity,
    Optional<String> toolset,
    Set<String> requestHeaders,
    Policies policies,
    Trust trust,
    Logging logging) {

  private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "[::]");

  /// For embedding programs and tests: keys and values as in a configuration file, the rest
  /// default.
  public static ServerConfig of(Map<String, String> values) {
    return read(Options.of(values));
  }

  /// Turns the options into what they configure.
  ///
  /// @throws Refusal when one of them is wrong, or two contradict each other
  public static ServerConfig read(Options options) {
    var values = new OptionParser(options);
    var advertise = values.url(Option.ADVERTISE);
    var trust = Trust.read(values);
    return new ServerConfig(
        http(values, advertise),
        ConsoleChoice.read(values, trust),
        advertise,
        values.url(Option.PUBLIC_URL),
        DatabaseChoice.read(options),
        values.list(Option.FEATURES),
        options.settings(),
        Identity.read(values),
        values.text(Option.TOOLSET),
        requestHeaders(values),
        Policies.read(values),
        trust,
        Logging.read(values));
  }

  /// The same on the ports themselves, where 0 was to be a free one.
  ///
  /// @throws trunkline.http.PortTaken when a port is in use
  public ServerConfig found() {
    return new ServerConfig(
        http.found(),
        console,
        advertise,
        publicUrl,
        database,
        features,
        settings,
        identity,
        toolset,
        requestHeaders,
        policies,
        trust,
        logging);
  }

  /// For a catalog that is built already.
  ///
  /// @throws Refusal when there are settings of catalogs, which nobody would get
  public void requireNoSettings() {
    if (!settings.isEmpty()) {
      throw new Refusal("settings are for a CatalogProvider; this catalog is built already");
    }
  }

  private static Set<String> requestHeaders(OptionParser values) {
    return values.list(Option.REQUEST_HEADERS).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static HttpSettings http(OptionParser values, Optional<URI> advertise) {
    var host = values.require(Option.HOST);
    return new HttpSettings(
        host,
        values.number(Option.PORT),
        allowedHosts(values, host, advertise),
        Set.copyOf(values.list(Option.ALLOWED_ORIGINS)),
        HttpPolicy.of(values.duration(Option.KEEP_ALIVE), values.number(Option.BODY_BYTES_MAX)),
        management(values, host),
        ListenerTls.read(values));
  }

  private static Optional<HttpSettings.Place> management(OptionParser values, String host) {
    var port = values.numberIfGiven(Option.MANAGEMENT_PORT);
    var address = values.text(Option.MANAGEMENT_HOST);
    if (port.isEmpty() && address.isPresent()) {
      throw new Refusal(values.origin(Option.MANAGEMENT_HOST) + " needs a --management-port");
    }
    return port.isEmpty()
        ? Optional.empty()
        : Optional.of(new HttpSettings.Place(address.orElse(host), port.getAsInt()));
  }

  private static Set<String> allowedHosts(
      OptionParser values, String host, Optional<URI> advertise) {
    var hosts = new HashSet<>(values.list(Option.ALLOWED_HOSTS));
    advertise.map(URI::getHost).ifPresent(hosts::add);
    values.url(Option.PUBLIC_URL).map(URI::getHost).ifPresent(hosts::add);
    if (!EVERY_INTERFACE.contains(host)) {
      hosts.add(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
    }
    return Set.copyOf(hosts);
  }
}
