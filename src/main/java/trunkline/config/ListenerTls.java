package trunkline.config;

import java.util.List;
import java.util.Optional;
import trunkline.tls.ClientAuth;
import trunkline.tls.TlsSettings;

/// The options of TLS, which need each other.
final class ListenerTls {
  private ListenerTls() {}

  static Optional<TlsSettings> read(OptionParser values) {
    var certificate = values.file(Option.TLS_CERTIFICATE);
    if (certificate.isEmpty()) {
      for (var option : List.of(Option.TLS_KEY, Option.TLS_CLIENT_CA, Option.MANAGEMENT_TLS)) {
        require(values, option, Option.TLS_CERTIFICATE);
      }
    }
    for (var option : List.of(Option.TLS_CLIENT_AUTH, Option.TLS_PRINCIPAL)) {
      require(values, option, Option.TLS_CLIENT_CA);
    }
    require(values, Option.TLS_CERTIFICATE, Option.TLS_KEY);
    require(values, Option.MANAGEMENT_TLS, Option.MANAGEMENT_PORT);
    return certificate.map(file ->
        new TlsSettings(
            file,
            values.file(Option.TLS_KEY).orElseThrow(),
            values
                .file(Option.TLS_CLIENT_CA)
                .map(authorities -> new TlsSettings.Clients(authorities, auth(values))),
            values.flag(Option.MANAGEMENT_TLS)));
  }

  private static ClientAuth auth(OptionParser values) {
    return values.choice(Option.TLS_CLIENT_AUTH, ClientAuth.class);
  }

  private static void require(OptionParser values, Option given, Option needed) {
    if (values.isGiven(given) && !values.isGiven(needed)) {
      throw new Refusal(values.origin(given) + " needs " + needed.flag());
    }
  }
}
