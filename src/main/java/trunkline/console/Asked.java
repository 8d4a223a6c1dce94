package trunkline.console;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import trunkline.http.Pages.Visit;

/// What a visit asks of a page, by its query; what is empty is not asked for. A value that cannot
/// be meant is said, never passed over: all the rows would be taken for those that were wanted.
final class Asked {
  private static final String NUMBER = "[0-9]{1,18}";
  private static final String NUMBER_OF_INSTANCE = "[0-9]{1,9}";

  private Asked() {}

  /// It cannot be meant.
  static final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotUnderstood(String name, String takes) {
      super("%s takes %s".formatted(name, takes));
    }
  }

  /// A key.
  ///
  /// @throws NotUnderstood when it is none
  static long key(Visit visit, String name, long fallback) {
    return number(visit, name, fallback, NUMBER, "a number of up to 18 digits");
  }

  /// An instance.
  ///
  /// @throws NotUnderstood when it is none
  static int instance(Visit visit, String name, int fallback) {
    var takes = "the number of an instance, of up to 9 digits";
    return (int) number(visit, name, fallback, NUMBER_OF_INSTANCE, takes);
  }

  /// One of a few, by its name in small letters.
  ///
  /// @throws NotUnderstood when it is none of them
  static <E extends Enum<E>> Optional<E> choice(Visit visit, String name, Class<E> type) {
    var asked = text(visit, name);
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    var choices = List.of(type.getEnumConstants());
    var found = choices.stream().filter(each -> word(each).equals(asked)).findFirst();
    if (found.isEmpty()) {
      throw new NotUnderstood(
          name, choices.stream().map(Asked::word).collect(Collectors.joining(" or ")));
    }
    return found;
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /// Any text, without zeros, which no text of the database has and none may be asked for.
  static String text(Visit visit, String name) {
    return visit.query().getOrDefault(name, "").replace('\0', '\uFFFD').strip();
  }

  private static long number(
      Visit visit, String name, long fallback, String pattern, String takes) {
    var asked = text(visit, name);
    if (asked.isEmpty()) {
      return fallback;
    }
    if (!asked.matches(pattern)) {
      throw new NotUnderstood(name, takes);
    }
    return Long.parseLong(asked);
  }
}
