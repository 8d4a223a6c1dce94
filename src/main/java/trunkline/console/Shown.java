package trunkline.console;

import java.util.Map;

/// What a screen shows, or why it shows something else.
sealed interface Shown {
  /// A template with its model.
  record Filled(int status, String title, String template, Object model) implements Shown {}

  /// Where else it is.
  ///
  /// @param headers besides the place
  record Elsewhere(String path, Map<String, String> headers) implements Shown {
    Elsewhere(String path) {
      this(path, Map.of());
    }
  }

  record Missing(String what) implements Shown {}

  /// What was asked for cannot be meant.
  record Unclear(String why) implements Shown {}

  /// It is only looked at.
  record Unsent(String why) implements Shown {}

  record Refused(String why) implements Shown {}

  record Unavailable(String why) implements Shown {}

  static Shown filled(String title, String template, Object model) {
    return new Filled(200, title, template, model);
  }
}
