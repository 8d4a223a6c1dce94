package trunkline.chaos;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What was typed.
///
/// @param word `demo` or `chaos`
record Order(
    String word, double minutes, long seed, boolean pollOnly, @Nullable Plant plant, boolean help) {
  private static final double MINUTES = 2;
  private static final double MINUTES_MIN = 0.25;
  private static final double MINUTES_MAX = 24 * 60;
  private static final int SEEDS = 1_000_000;

  static final String HELP =
      """
      Usage: ./trunkline demo [--poll-only]
             ./trunkline chaos [--minutes M] [--seed S] [--poll-only] [--plant BUG]

      Three instances as processes behind a balancer in round robin, on a PostgreSQL of their
      own; clients with streams, calls, questions, tasks and a steady flow of messages. demo
      kills, freezes, drains and cuts within a minute and says what it does; chaos draws faults
      and calls from a seed. Both end with a table, and with code 1 when a message was lost,
      doubled, out of order, misrouted or made up, or a call was not answered.

        --minutes M    how long chaos goes on. Default: %s.
        --seed S       draws the same faults and calls again. Default: another each time.
        --poll-only    the instances do without LISTEN and NOTIFY.
        --plant BUG    puts a bug into the database, to see it found: %s.

      The table is also in target/demo.md or target/chaos.md; what the instances said is kept
      when the verdict is not clean.
      """
          .formatted(MINUTES, Plant.words());

  static Order of(List<String> arguments) {
    var words = new ArrayDeque<>(arguments);
    var word = words.isEmpty() ? "" : words.poll();
    if (!word.equals("demo") && !word.equals("chaos")) {
      throw new IllegalArgumentException("demo or chaos?");
    }
    var order =
        new Order(word, MINUTES, RandomGenerator.getDefault().nextInt(SEEDS), false, null, false);
    while (!words.isEmpty()) {
      order = order.with(words.poll(), words);
    }
    return order;
  }

  private Order with(String option, ArrayDeque<String> rest) {
    return switch (option) {
      case "--help" -> new Order(word, minutes, seed, pollOnly, plant, true);
      case "--poll-only" -> new Order(word, minutes, seed, true, plant, help);
      case "--minutes" ->
          new Order(word, minutes(chaosOnly(option, rest)), seed, pollOnly, plant, help);
      case "--seed" ->
          new Order(word, minutes, seed(chaosOnly(option, rest)), pollOnly, plant, help);
      case "--plant" ->
          new Order(word, minutes, seed, pollOnly, plant(chaosOnly(option, rest)), help);
      default ->
          throw new IllegalArgumentException(
              "%s does not take '%s': see ./trunkline %s --help".formatted(word, option, word));
    };
  }

  private String chaosOnly(String option, ArrayDeque<String> rest) {
    if (!isDrawn()) {
      throw new IllegalArgumentException("demo has no option " + option + ": chaos has");
    }
    var value = rest.poll();
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private static double minutes(String text) {
    try {
      var minutes = Double.parseDouble(text);
      if (minutes >= MINUTES_MIN && minutes <= MINUTES_MAX) {
        return minutes;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "--minutes: '%s' is not a number from %s to %s".formatted(text, MINUTES_MIN, MINUTES_MAX));
  }

  private static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("--seed: '%s' is not a whole number".formatted(text));
    }
  }

  private static Plant plant(String text) {
    try {
      return Plant.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(
          "--plant: '%s' is not one of %s".formatted(text, Plant.words()));
    }
  }

  boolean isDrawn() {
    return word.equals("chaos");
  }

  Plan plan() {
    return isDrawn() ? Plan.drawn(seed, (int) Math.round(minutes * 60)) : Plan.demo();
  }

  /// The line that repeats it.
  String title() {
    return "./trunkline "
        + word
        + (isDrawn() ? " --minutes " + minutes + " --seed " + seed : "")
        + (pollOnly ? " --poll-only" : "")
        + (plant == null ? "" : " --plant " + plant.name().toLowerCase(Locale.ROOT));
  }
}
