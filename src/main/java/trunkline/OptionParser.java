package trunkline;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import trunkline.http.HttpSettings;
import trunkline.http.Networks;

/// Turns what was typed into values; a wrong one is refused with the option, the value and its
/// limits.
final class OptionParser {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([km]?)");

  private final Options options;

  OptionParser(Options options) {
    this.options = options;
  }

  Optional<String> text(Option option) {
    return options.find(option).map(Options.Given::value);
  }

  String require(Option option) {
    return text(option).orElseThrow(() -> new Refusal(option.flag() + " is needed"));
  }

  boolean flag(Option option) {
    return switch (require(option).toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw wrong(option, "true or false");
    };
  }

  int number(Option option, int min, int max) {
    try {
      var number = Integer.parseInt(require(option));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, with the limits
    }
    throw wrong(option, "a number from " + min + " to " + max);
  }

  int bytes(Option option, int min, int max) {
    var matcher = SIZE.matcher(require(option).toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      var unit = matcher.group(2).isEmpty() ? 1 : matcher.group(2).equals("k") ? 1024 : 1024 * 1024;
      var bytes = Long.parseLong(matcher.group(1)) * unit;
      if (bytes >= min && bytes <= max) {
        return Math.toIntExact(bytes);
      }
    }
    throw wrong(option, "a size from " + min + " to " + max + " bytes, such as 512k or 4m");
  }

  Duration duration(Option option, Duration min, Duration max) {
    var matcher = DURATION.matcher(require(option));
    if (matcher.matches()) {
      var count = Long.parseLong(matcher.group(1));
      var duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
        return duration;
      }
    }
    throw wrong(
        option,
        "a duration from " + shown(min) + " to " + shown(max) + ", such as 500ms, 30s or 1h");
  }

  /// Comma-separated; empty parts do not count.
  List<String> list(Option option) {
    return Arrays.stream(text(option).orElse("").split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  <E extends Enum<E>> E choice(Option option, Class<E> type) {
    var typed = require(option);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(typed))
        .findFirst()
        .orElseThrow(() ->
            wrong(
                option,
                "one of "
                    + String.join(
                        ", ",
                        Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                            .toList())));
  }

  Optional<URI> url(Option option) {
    return text(option)
        .map(typed -> {
          try {
            var url = new URI(typed);
            if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
                && url.getHost() != null) {
              return url;
            }
          } catch (URISyntaxException _) {
            // said below
          }
          throw wrong(option, "a URL such as http://10.0.0.5:8080/mcp");
        });
  }

  Optional<Path> readableFile(Option option) {
    return text(option)
        .map(typed -> {
          if (!Files.isReadable(Path.of(typed)) || Files.isDirectory(Path.of(typed))) {
            throw wrong(option, "a file that can be read");
          }
          return Path.of(typed);
        });
  }

  /// Addresses and networks: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
  List<String> networks(Option option) {
    var networks = list(option);
    try {
      Networks.of(networks);
      return networks;
    } catch (IllegalArgumentException _) {
      throw wrong(option, "addresses or networks such as 10.0.0.5,10.1.0.0/16");
    }
  }

  /// What `Host` headers may say: `name`, `name:port`, `*`.
  List<String> hosts(Option option) {
    var hosts = list(option);
    try {
      HttpSettings.requireNames(Set.copyOf(hosts), Set.of());
      return hosts;
    } catch (IllegalArgumentException _) {
      throw wrong(option, "names such as mcp.example or mcp.example:8443, or *");
    }
  }

  /// What `Origin` headers may say: `https://name[:port]`, `*`.
  List<String> origins(Option option) {
    var origins = list(option);
    try {
      HttpSettings.requireNames(Set.of(), Set.copyOf(origins));
      return origins;
    } catch (IllegalArgumentException _) {
      throw wrong(option, "origins such as https://app.example or http://app.example:3000, or *");
    }
  }

  Refusal wrong(Option option, String expected) {
    var given = options.find(option).orElseThrow();
    return new Refusal(given.origin() + ": '" + given.value() + "' is not " + expected);
  }

  private static String shown(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    var seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds + "s";
  }
}
