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

  /// The same for one that wants to know who asks.
  default Completion complete(String value, Map<String, String> arguments, RequestContext context)
      throws Exception {
    return complete(value, arguments);
  }

  /// Suggests to whoever asks.
  @FunctionalInterface
  interface InContext {
    Completion complete(String value, Map<String, String> arguments, RequestContext context)
        throws Exception;
  }

  /// One that looks at the request, for instance at its principal.
  static Completer inContext(InContext completer) {
    return new Completer() {
      @Override
      public Completion complete(String value, Map<String, String> arguments) {
        throw new IllegalStateException("this completer suggests in the context of a request only");
      }

      @Override
      public Completion complete(
          String value, Map<String, String> arguments, RequestContext context) throws Exception {
        return completer.complete(value, arguments, context);
      }
    };
  }

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
