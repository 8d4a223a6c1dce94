package trunkline.rate;

import java.util.Locale;
import java.util.regex.Pattern;

/// A rate, and how far it may be exceeded after a rest: `100/s`, `20/m:5`.
///
/// @param amount calls in a period; 0: none at all
/// @param burst calls that may come at once
public record RateLimit(int amount, RatePeriod per, int burst) {
  public static final int AMOUNT_MAX = 1_000_000;
  public static final int BURST_MAX = 10_000_000;

  /// How it is written, for errors.
  public static final String FORM =
      "a rate such as 100/s, 20/m, 500/h or 1/d, with :BURST if that is not the number itself";

  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,7})/([smhd])(?::([0-9]{1,8}))?");

  public RateLimit {
    if (amount < 0 || amount > AMOUNT_MAX || burst < 1 || burst > BURST_MAX) {
      throw new IllegalArgumentException(
          "a rate is 0 to " + AMOUNT_MAX + " with a burst of 1 to " + BURST_MAX);
    }
  }

  /// Reads what somebody has written.
  ///
  /// @throws IllegalArgumentException when it is not of this form
  public static RateLimit parse(String text) {
    var shape = SHAPE.matcher(text.strip());
    if (!shape.matches()) {
      throw new IllegalArgumentException("not " + FORM);
    }
    var amount = Integer.parseInt(shape.group(1));
    var burst = shape.group(3) == null ? Math.max(1, amount) : Integer.parseInt(shape.group(3));
    return new RateLimit(amount, RatePeriod.ofLetter(shape.group(2)), burst);
  }

  double perSecond() {
    return (double) amount / per.seconds();
  }

  /// How much an instance takes at a time: what it takes with it when it dies, and what others lack
  /// meanwhile.
  int portionMax() {
    return (int) Math.max(1, Math.min(perSecond() / 4, burst / 4.0));
  }

  /// For people: `100 calls a second`.
  String inWords() {
    return amount
        + (amount == 1 ? " call" : " calls")
        + (per == RatePeriod.HOUR ? " an " : " a ")
        + per.name().toLowerCase(Locale.ROOT);
  }
}
