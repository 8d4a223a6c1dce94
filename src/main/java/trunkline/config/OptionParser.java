package trunkline.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

  /// Which of the two was given by the stronger source; empty when neither was.
  Optional<Option> stronger(Option one, Option other) {
    return options.stronger(one, other);
  }

  /// Where the value came from, for messages.
  String origin(Option option) {
    return options.find(option).map(Options.Given::origin).orElse(option.flag());
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

  OptionalInt numberIfGiven(Option option) {
    return find(option, Integer.class).map(OptionalInt::of).orElseGet(OptionalInt::empty);
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
    try {
      return form.parse().apply(given.value()).orElseThrow(() -> refusal(given, form));
    } catch (IllegalArgumentException e) {
      throw new Refusal(given.origin() + ": " + e.getMessage(), e);
    }
  }

  private static Refusal refusal(Options.Given given, OptionForm<?> form) {
    var shown = form.shown().apply(given.value());
    return new Refusal(given.origin() + ": '" + shown + "' is not " + form.expected());
  }
}
