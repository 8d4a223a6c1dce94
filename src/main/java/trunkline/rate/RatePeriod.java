package trunkline.rate;

/// The time that a rate counts in.
public enum RatePeriod {
  SECOND("s", 1),
  MINUTE("m", 60),
  HOUR("h", 3600),
  DAY("d", 86_400);

  private final String letter;
  private final int seconds;

  RatePeriod(String letter, int seconds) {
    this.letter = letter;
    this.seconds = seconds;
  }

  String letter() {
    return letter;
  }

  int seconds() {
    return seconds;
  }

  static RatePeriod ofLetter(String letter) {
    for (var period : values()) {
      if (period.letter.equals(letter)) {
        return period;
      }
    }
    throw new IllegalArgumentException("no period " + letter);
  }

  static RatePeriod ofSeconds(int seconds) {
    for (var period : values()) {
      if (period.seconds == seconds) {
        return period;
      }
    }
    throw new IllegalArgumentException("no period of " + seconds + " s");
  }
}
