package trunkline.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The options as values. A value of the wrong form is refused, naming its origin, itself and the
/// bounds.
final class OptionParser {
  private final Options options;

  OptionParser(Options options) {
    this.options = options;
  }

  /// Whether somebody said it; false for a default.
  boolean isGiven(Option option) {
    return options.has(option);
  }

  Optional<String> text(Option option) {
    return find(option, String.class);
  }

  String require(Option option) {
    return require(option, String.class);
  }

  boolean flag(Option option) {
    return require(option, Boolean.class);
  }

  int number(Option option) {
    return require(option, Integer.class);
  }

  Duration duration(Option option) {
    return require(option, Duration.class);
  }

  <E extends Enum<E>> E choice(Option option, Class<E> type) {
    return require(option, type);
  }

  Optional<URI> url(Option option) {
    return find(option, URI.class);
  }

  Optional<Path> file(Option option) {
    return find(option, Path.class);
  }

  List<String> list(Option option) {
    return find(option, List.class).stream()
        .flatMap(parts -> ((List<?>) parts).stream())
        .map(String.class::cast)
        .toList();
  }

  private <T> T require(Option option, Class<T> type) {
    return find(option, type).orElseThrow(() -> new Refusal(option.flag() + " is needed"));
  }

  private <T> Optional<T> find(Option option, Class<T> type) {
    return options.find(option).map(given -> type.cast(value(given, option.form())));
  }

  private static <T> T value(Options.Given given, OptionForm<T> form) {
    return form.parse()
        .apply(given.value())
        .orElseThrow(() ->
            new Refusal(given.origin() + ": '" + given.value() + "' is not " + form.expected()));
  }
}
