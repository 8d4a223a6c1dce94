package trunkline.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import trunkline.config.Refusal;
import trunkline.config.ServerConfig;
import trunkline.welcome.Connecting;

/// `./trunkline connect`: how clients connect, as the server's page says it.
final class ConnectCommand {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private ConnectCommand() {}

  static String text(CommandLine.Run run, ServerConfig config) {
    var given = run.switches().get("--url");
    var url =
        given != null
            ? url(given)
            : config.publicUrl().orElseGet(() -> URI.create(config.http().localUrl()));
    return new Connecting(
            config.identity().name().orElse("trunkline"), url, config.trust().takesGivenTokens())
        .text();
  }

  private static URI url(String given) {
    try {
      var url = new URI(given);
      if (SCHEMES.contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT))
          && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // said below
    }
    throw new Refusal("--url: '%s' is no URL such as https://mcp.example/mcp".formatted(given));
  }
}
