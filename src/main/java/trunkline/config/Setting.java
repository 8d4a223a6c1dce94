package trunkline.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import trunkline.store.PostgresUrl;

/// An option as it counts.
///
/// @param value as it may be printed: secrets are hidden; empty for none
/// @param origin where it came from: `--port`, `TRUNKLINE_PORT`, `port in trunkline.properties`,
///   `default`, or what it follows from
public record Setting(Option option, String value, String origin) {
  private static final Map<Option, Option> OTHER_FORM =
      Map.of(
          Option.DATABASE_URL, Option.DATABASE_URL_FILE,
          Option.DATABASE_URL_FILE, Option.DATABASE_URL,
          Option.DATABASE_DIRECT_URL, Option.DATABASE_DIRECT_URL_FILE,
          Option.DATABASE_DIRECT_URL_FILE, Option.DATABASE_DIRECT_URL,
          Option.DATABASE_PASSWORD, Option.DATABASE_PASSWORD_FILE,
          Option.DATABASE_PASSWORD_FILE, Option.DATABASE_PASSWORD);

  /// Those options, in the order of the help.
  ///
  /// @throws Refusal when one source gives a secret in two forms, or the database's URL cannot be
  ///   read
  public static Stream<Setting> of(Options options, Set<Option> shown) {
    var values = new OptionParser(options);
    var url = DatabaseOptions.isEmbedded(values) ? null : DatabaseOptions.url(values);
    return Stream.of(Option.values())
        .filter(shown::contains)
        .map(option -> of(options, option, Optional.ofNullable(url)));
  }

  private static Setting of(Options options, Option option, Optional<PostgresUrl> url) {
    var other = OTHER_FORM.getOrDefault(option, option);
    if (other != option && options.stronger(option, other).equals(Optional.of(other))) {
      return new Setting(option, "", options.has(option) ? "overruled by " + other.flag() : "");
    }
    if (!options.has(option)) {
      return followed(option, url);
    }
    var given = options.find(option).orElseThrow();
    return new Setting(option, option.form().shown().apply(given.value()), given.origin());
  }

  /// What nobody gave follows from another option, or is the default.
  private static Setting followed(Option option, Optional<PostgresUrl> url) {
    if (option == Option.DRAIN_DELAY && url.isEmpty()) {
      return new Setting(option, "0s", "the embedded database has no balancer");
    }
    var said =
        switch (option) {
          case DATABASE_USER -> url.flatMap(PostgresUrl::user);
          case DATABASE_PASSWORD -> url.flatMap(PostgresUrl::password).map(_ -> OptionForm.HIDDEN);
          default -> Optional.<String>empty();
        };
    return said.map(value -> new Setting(option, value, "the database's URL"))
        .orElseGet(() ->
            new Setting(option, option.fallback(), option.fallback().isEmpty() ? "" : "default"));
  }
}
