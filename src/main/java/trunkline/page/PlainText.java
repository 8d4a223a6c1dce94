package trunkline.page;

import java.util.stream.IntStream;

/// What strangers wrote, without signs that turn or hide text. To escape it is for the template.
public final class PlainText {
  private PlainText() {}

  /// In one line, and not longer than so many characters.
  public static String line(String said, int max) {
    var plain = said.codePoints().map(PlainText::shown).limit(max + 1L);
    var text = text(plain);
    if (text.codePointCount(0, text.length()) <= max) {
      return text.toString();
    }
    text.setLength(text.offsetByCodePoints(0, max));
    return text + "…";
  }

  /// All of it, with the lines that it has.
  public static String lines(String said) {
    return text(said.replace("\r\n", "\n")
            .codePoints()
            .map(each -> each == '\n' || each == '\t' ? each : shown(each)))
        .toString();
  }

  private static StringBuilder text(IntStream codePoints) {
    return codePoints.collect(
        StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
  }

  private static int shown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '\uFFFD';
      default -> codePoint;
    };
  }
}
