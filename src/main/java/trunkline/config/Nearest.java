package trunkline.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses the name meant by a mistyped one.
public final class Nearest {
  private Nearest() {}

  /// Ends an error message: `: did you mean --port?`, or nothing when no name is near.
  public static String hint(String typed, Collection<String> known) {
    return find(typed, known).map(name -> ": did you mean " + name + "?").orElse("");
  }

  static Optional<String> find(String typed, Collection<String> known) {
    var farthest = Math.max(2, typed.length() / 3);
    return known.stream()
        .filter(name -> distance(typed, name) <= farthest)
        .min(Comparator.comparingInt(name -> distance(typed, name)));
  }

  /// Levenshtein's: the letters to change, add or remove.
  private static int distance(String from, String to) {
    var previous = new int[to.length() + 1];
    for (var j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (var i = 1; i <= from.length(); i++) {
      var current = new int[to.length() + 1];
      current[0] = i;
      for (var j = 1; j <= to.length(); j++) {
        var replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
