package trunkline.console;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How long ago something began, at least.
public enum Age {
  HOUR("an hour or more", Duration.ofHours(1)),
  DAY("a day or more", Duration.ofDays(1)),
  WEEK("a week or more", Duration.ofDays(7));

  private final String title;
  private final Duration least;

  Age(String title, Duration least) {
    this.title = title;
    this.least = least;
  }

  /// The one of this word; empty where none is meant.
  static Optional<Age> of(String word) {
    return Arrays.stream(values()).filter(age -> age.word().equals(word)).findFirst();
  }

  static String[] words() {
    return Arrays.stream(values()).map(Age::word).toArray(String[]::new);
  }

  /// As it is asked for.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String title() {
    return title;
  }

  long seconds() {
    return least.toSeconds();
  }
}
