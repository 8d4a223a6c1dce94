package trunkline.feature;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Suggests values for an argument of a prompt or a variable of a template.
@FunctionalInterface
public interface Completer {
  /// Suggests, the best values first.
  ///
  /// @param value what the user has typed so far
  /// @param arguments the arguments that are settled already, if the client names them
  Completion complete(String value, Map<String, String> arguments) throws Exception;

  /// Those of a fixed set that start with the typed text, ignoring case.
  static Completer among(List<String> values) {
    var all = List.copyOf(values);
    return (value, arguments) -> {
      var typed = value.toLowerCase(Locale.ROOT);
      return Completion.of(
          all.stream()
              .filter(candidate -> candidate.toLowerCase(Locale.ROOT).startsWith(typed))
              .toList());
    };
  }
}
