package trunkline.telemetry;

/// Text from a client, a row or a library, made fit for a log line: it can neither end the line nor
/// move a terminal's cursor, and is not endless.
///
/// Escaped are the controls C0 and C1, U+2028 and U+2029, those that change the direction of
/// writing, and halves of surrogate pairs; a backslash stays, since paths have them.
public final class LogText {
  /// Characters of one value; what was cut is counted at its end.
  public static final int LENGTH_MAX = 1_000;

  private LogText() {}

  public static String line(String text) {
    return escaped(cut(text));
  }

  public static String cut(String text) {
    if (text.length() <= LENGTH_MAX) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(LENGTH_MAX - 1)) ? LENGTH_MAX - 1 : LENGTH_MAX;
    return text.substring(0, end) + "… (" + (text.length() - end) + " more)";
  }

  public static String escaped(String text) {
    if (text.codePoints().noneMatch(LogText::isUnfit)) {
      return text;
    }
    var fit = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (isUnfit(c)) {
            fit.append(escape(c));
          } else {
            fit.appendCodePoint(c);
          }
        });
    return fit.toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted(c);
    };
  }

  private static boolean isUnfit(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT -> c < 0x1_0000 && c != 0x200D; // joins emoji; the rest is not seen
      default -> false;
    };
  }
}
