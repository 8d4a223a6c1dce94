package trunkline.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;

/// How figures and times are written for people, in UTC.
public final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final int NAME_MAX = 80;
  private static final int LABEL_MAX = 13;
  private static final int SENTENCE_MAX = 2_000;

  private Words() {}

  public static String time(@Nullable Instant at) {
    return at == null ? "–" : TIME.format(at);
  }

  /// With milliseconds.
  public static String moment(Instant at) {
    return MOMENT.format(at);
  }

  /// As two parts at most: `3 d 4 h`.
  public static String seconds(long seconds) {
    if (seconds < 60) {
      return Math.max(0, seconds) + " s";
    }
    if (seconds < 3_600) {
      return "%d min %d s".formatted(seconds / 60, seconds % 60);
    }
    return seconds < 86_400
        ? "%d h %d min".formatted(seconds / 3_600, seconds % 3_600 / 60)
        : "%d d %d h".formatted(seconds / 86_400, seconds % 86_400 / 3_600);
  }

  /// Between two marks of a time line.
  public static String span(Duration span) {
    var millis = Math.max(0, span.toMillis());
    return millis < 10_000 ? millis + " ms" : seconds(millis / 1_000);
  }

  public static String bytes(long bytes) {
    var left = (double) bytes;
    var unit = 0;
    while (left >= 1_000 && unit < UNITS.length - 1) {
      left /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", left, UNITS[unit]);
  }

  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  public static String number(Optional<Long> number) {
    return number.map(Words::number).orElse("–");
  }

  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  /// What a client says that it is, of the JSON in which it says it.
  public static String client(String json) {
    try {
      var said = Codec.tree(json);
      return name(
          (said.path("name").asString("") + " " + said.path("version").asString("")).strip());
    } catch (RuntimeException _) { // it is whatever the client sent
      return "–";
    }
  }

  /// What a stranger calls something: in one line, without signs that turn or hide text, and not
  /// longer than a line.
  public static String name(@Nullable String said) {
    if (said == null || said.isBlank()) {
      return "–";
    }
    return cut(said, NAME_MAX);
  }

  /// The same, so short that it fits below a mark.
  public static String label(@Nullable String said) {
    return cut(name(said), LABEL_MAX);
  }

  /// A sentence in which a stranger's words may be: the same, but longer; no word of it is longer
  /// than a line.
  public static String sentence(String said) {
    var words = new StringJoiner(" ");
    for (var word : cut(said, SENTENCE_MAX).split(" ", -1)) {
      words.add(cut(word, NAME_MAX));
    }
    return words.toString();
  }

  private static String cut(String said, int most) {
    return PlainText.line(said, most);
  }
}
