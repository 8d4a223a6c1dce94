package trunkline.shape;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Regular expressions that mean the same in Java and in a client's JSON Schema (ECMA-262).
final class Regex {
  /// Inline flags, possessive quantifiers, atomic groups, and escapes that only Java has.
  private static final Pattern JAVA_ONLY =
      Pattern.compile(
          "\\(\\?[a-zA-Z-]+[:)]|\\(\\?>|(?<!\\\\)[*+?}]\\+|(?<!\\\\)(?:\\\\\\\\)*\\\\[AZzQEGhHRXeaN]"
              + "|\\[:|\\\\p\\{(?:Alpha|Digit|Alnum|Upper|Lower|Punct|XDigit|Space|Is|In|java)");

  private Regex() {}

  /// The whole text has to match, as the annotations mean it.
  ///
  /// @throws IllegalArgumentException when a client could not read it
  static String whole(String source, String regex) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          source + " is no regular expression: " + e.getDescription(), e);
    }
    var foreign = JAVA_ONLY.matcher(regex);
    if (foreign.find()) {
      throw new IllegalArgumentException(
          source + " uses " + foreign.group() + ", which JSON Schema's regular expressions lack");
    }
    var isAnchored =
        regex.startsWith("^")
            && regex.endsWith("$")
            && !regex.endsWith("\\$")
            && !regex.contains("|");
    return isAnchored ? regex : "^(?:" + regex + ")$";
  }

  /// Where a pattern ends in `$`, it is the end of the text; Java's would also be before a last
  /// line feed.
  static Pattern compiled(String regex) {
    var isAnchored = regex.endsWith("$") && !regex.endsWith("\\$");
    return Pattern.compile(isAnchored ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
  }
}
