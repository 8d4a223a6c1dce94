package trunkline.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trunkline.access.Networks;
import trunkline.access.oauth.ProtectedResource;
import trunkline.audit.AuditKind;
import trunkline.http.HttpSettings;
import trunkline.rate.RateLimit;
import trunkline.rate.RatePolicy;
import trunkline.store.PostgresUrl;

/// The form of an option's value, with its bounds.
///
/// @param placeholder the value in the help text; empty for a switch
/// @param expected the end of an error: `'x' is not …`
/// @param type the type of the value
/// @param parse the value of what was typed; empty when it does not have this form, or an
///   [IllegalArgumentException] that says what is wrong without quoting it
/// @param shown what may be printed of what was typed
record OptionForm<T>(
    String placeholder,
    String expected,
    Class<?> type,
    Function<String, Optional<? extends T>> parse,
    UnaryOperator<String> shown) {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z0-9_-]+\\.[A-Za-z0-9._-]+)=(.*)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([km]?)");
  static final String HIDDEN = "(hidden)";

  OptionForm(
      String placeholder,
      String expected,
      Class<?> type,
      Function<String, Optional<? extends T>> parse) {
    this(placeholder, expected, type, parse, UnaryOperator.identity());
  }

  static OptionForm<String> text(String placeholder) {
    return new OptionForm<>(placeholder, "a text", String.class, Optional::of);
  }

  /// A text that is printed nowhere.
  static OptionForm<String> secret(String placeholder) {
    return new OptionForm<>(placeholder, "a text", String.class, Optional::of, _ -> HIDDEN);
  }

  static OptionForm<Boolean> onOff() {
    return new OptionForm<>(
        "",
        "true or false",
        Boolean.class,
        typed ->
            switch (typed.toLowerCase(Locale.ROOT)) {
              case "true", "on", "yes", "1" -> Optional.of(true);
              case "false", "off", "no", "0" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  static OptionForm<Integer> number(int min, int max) {
    return new OptionForm<>(
        "NUMBER",
        "a number from " + min + " to " + max,
        Integer.class,
        typed -> integer(typed).filter(number -> number >= min && number <= max));
  }

  /// Bytes; `k` and `m` multiply by 1024.
  static OptionForm<Integer> size(int min, int max) {
    return new OptionForm<>(
        "SIZE",
        "a size from " + min + " to " + max + " bytes, such as 512k or 4m",
        Integer.class,
        typed -> bytes(typed).filter(size -> size >= min && size <= max).map(Math::toIntExact));
  }

  static OptionForm<Duration> duration(String min, String max) {
    var shortest = parsedDuration(min).orElseThrow();
    var longest = parsedDuration(max).orElseThrow();
    return new OptionForm<>(
        "DURATION",
        "a duration from " + min + " to " + max + ", such as 500ms, 30s or 1h",
        Duration.class,
        typed ->
            parsedDuration(typed)
                .filter(each -> each.compareTo(shortest) >= 0 && each.compareTo(longest) <= 0));
  }

  static <E extends Enum<E>> OptionForm<E> choice(String placeholder, Class<E> type) {
    var words =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return new OptionForm<>(
        placeholder,
        "one of " + words,
        type,
        typed ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(typed))
                .findFirst());
  }

  static OptionForm<URI> url() {
    return new OptionForm<>(
        "URL", "a URL such as http://10.0.0.5:8080/mcp", URI.class, OptionForm::httpUrl);
  }

  /// A URL of a PostgreSQL database, in either form.
  static OptionForm<String> database() {
    return database("");
  }

  /// A URL of a PostgreSQL database, or one of some words.
  static OptionForm<String> database(String alternative, String... words) {
    return new OptionForm<>(
        "URL",
        alternative + PostgresUrl.FORM,
        String.class,
        typed -> {
          if (!List.of(words).contains(typed)) {
            if (!PostgresUrl.isOne(typed)) {
              return Optional.empty();
            }
            var _ = PostgresUrl.parse(typed);
          }
          return Optional.of(typed);
        },
        typed -> List.of(words).contains(typed) ? typed : shownUrl(typed));
  }

  /// In a URL that cannot be read a password may stand anywhere.
  private static String shownUrl(String typed) {
    if (!PostgresUrl.isOne(typed)) {
      return PostgresUrl.masked(typed);
    }
    try {
      var _ = PostgresUrl.parse(typed);
      return PostgresUrl.masked(typed);
    } catch (IllegalArgumentException _) {
      return HIDDEN;
    }
  }

  static OptionForm<Path> file() {
    return new OptionForm<>(
        "FILE",
        "a file that can be read",
        Path.class,
        typed -> path(typed).filter(file -> Files.isReadable(file) && !Files.isDirectory(file)));
  }

  /// A folder that is there or can be made.
  static OptionForm<Path> folder() {
    return new OptionForm<>(
        "FOLDER",
        "a folder, or a name for one",
        Path.class,
        typed ->
            path(typed).filter(folder -> Files.notExists(folder) || Files.isDirectory(folder)));
  }

  private static Optional<Path> path(String typed) {
    try {
      return Optional.of(Path.of(typed));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /// A comma-separated list without its empty parts.
  static OptionForm<List<String>> names() {
    return list("NAMES", "names", _ -> {});
  }

  /// Words for what is recorded.
  static OptionForm<List<String>> auditKinds() {
    return list("KINDS", "kinds such as calls,reads,denials", AuditKind::read);
  }

  /// Addresses and networks: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
  static OptionForm<List<String>> networks() {
    return list("ADDRESSES", "addresses or networks such as 10.0.0.5,10.1.0.0/16", Networks::of);
  }

  /// Settings of catalogs, one a line.
  static OptionForm<String> settings() {
    return new OptionForm<>(
        "CATALOG.KEY=VALUE",
        "a catalog's setting such as shop.url=https://shop.example",
        String.class,
        typed ->
            Optional.of(typed)
                .filter(lines -> lines.lines().allMatch(line -> SETTING.matcher(line).matches())),
        OptionForm::keys);
  }

  /// Some of them are secrets, and nobody but their catalogs knows which.
  private static String keys(String lines) {
    return lines
        .lines()
        .map(line -> line.substring(0, line.indexOf('=') + 1) + HIDDEN)
        .collect(Collectors.joining(" "));
  }

  /// Names with something of each, as in `bake=4,fry=2`.
  ///
  /// @param check throws an [IllegalArgumentException] when one of them is wrong
  static OptionForm<List<String>> amounts(String expected, Consumer<List<String>> check) {
    return list("AMOUNTS", expected, check);
  }

  /// A rate: `100/s`, `20/m:5`.
  static OptionForm<String> rate() {
    return new OptionForm<>(
        "RATE",
        RateLimit.FORM,
        String.class,
        typed -> isRate(typed) ? Optional.of(typed) : Optional.empty());
  }

  private static boolean isRate(String typed) {
    try {
      var _ = RateLimit.parse(typed);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Rates of tools: `bake=5/s,*=50/s:100`.
  static OptionForm<List<String>> rates() {
    return list(
        "RATES",
        "tools, each once, with rates such as bake=5/s:10,*=50/s",
        texts -> {
          var _ = RatePolicy.named(texts);
        });
  }

  /// Names of request headers.
  static OptionForm<List<String>> headers() {
    return list(
        "NAMES",
        "names of headers such as X-Tenant",
        names -> {
          if (!names.stream().allMatch(name -> HEADER.matcher(name).matches())) {
            throw new IllegalArgumentException(String.join(",", names));
          }
        });
  }

  /// URLs of identity providers, one a line or comma-separated.
  static OptionForm<List<String>> issuers() {
    var form =
        list(
            "URL",
            "an https URL without query such as https://idp.example/realms/staff (http for one on"
                + " this machine)",
            ProtectedResource::requireIssuers);
    return new OptionForm<>(
        form.placeholder,
        form.expected,
        List.class,
        typed -> form.parse.apply(String.join(",", typed.lines().toList())));
  }

  /// Scopes of OAuth.
  static OptionForm<List<String>> scopes() {
    return list(
        "NAMES",
        "scopes such as mcp:use (offline_access is between clients and the issuer)",
        ProtectedResource::requireScopes);
  }

  /// `Host` headers: `name`, `name:port`, `*`.
  static OptionForm<List<String>> hosts() {
    return list(
        "NAMES",
        "names such as mcp.example or mcp.example:8443, or *",
        hosts -> HttpSettings.requireNames(Set.copyOf(hosts), Set.of()));
  }

  /// `Origin` headers: `https://name[:port]`, `*`.
  static OptionForm<List<String>> origins() {
    return list(
        "ORIGINS",
        "origins such as https://app.example or http://app.example:3000, or *",
        origins -> HttpSettings.requireNames(Set.of(), Set.copyOf(origins)));
  }

  /// @param check throws an [IllegalArgumentException] when one of them is wrong
  private static OptionForm<List<String>> list(
      String placeholder, String expected, Consumer<List<String>> check) {
    return new OptionForm<>(
        placeholder,
        expected,
        List.class,
        typed -> {
          var parts =
              Stream.of(typed.split(",", -1))
                  .map(String::strip)
                  .filter(part -> !part.isEmpty())
                  .toList();
          try {
            check.accept(parts);
            return Optional.of(parts);
          } catch (IllegalArgumentException _) {
            return Optional.empty();
          }
        });
  }

  /// What somebody would have typed for a value.
  ///
  /// @throws IllegalArgumentException when nothing could be typed for it
  static String written(Object value) {
    return switch (value) {
      case Duration duration -> written(duration);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case List<?> parts -> {
        var texts = parts.stream().map(String::valueOf).toList();
        if (texts.stream().anyMatch(part -> part.contains(","))) {
          throw new IllegalArgumentException("a comma is between names, never in one");
        }
        yield String.join(",", texts);
      }
      default -> value.toString();
    };
  }

  private static String written(Duration duration) {
    if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          duration + " is not a duration of whole milliseconds, from 0 on");
    }
    var seconds = duration.toSeconds();
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    return seconds % 86_400 == 0 && seconds > 0 ? seconds / 86_400 + "d" : seconds + "s";
  }

  private static Optional<Integer> integer(String typed) {
    try {
      return Optional.of(Integer.parseInt(typed));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> bytes(String typed) {
    var matcher = SIZE.matcher(typed.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var unit = matcher.group(2).isEmpty() ? 1 : matcher.group(2).equals("k") ? 1024 : 1024 * 1024;
    return Optional.of(Long.parseLong(matcher.group(1)) * unit);
  }

  static Optional<Duration> parsedDuration(String typed) {
    var matcher = DURATION.matcher(typed);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  private static Optional<URI> httpUrl(String typed) {
    try {
      return Optional.of(new URI(typed))
          .filter(url -> List.of("http", "https").contains(String.valueOf(url.getScheme())))
          .filter(url -> url.getHost() != null);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
