package trunkline.architecture;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trunkline.architecture.Sources.Source;

/// JDBC by position: `setLong(3, …)` and `getInt(4)`. A column that is added to a statement shifts
/// those that follow, and nothing reports it.
final class ByPosition {
  private static final String TYPES =
      "(?:Array|BigDecimal|Boolean|Byte|Bytes|Date|Double|Float|Int|Long|Null|Object|Short|String"
          + "|Time|Timestamp)";

  /// A column that the program counted itself; a loop over the columns of any answer (`./trunkline
  /// sql`) is not meant.
  private static final Pattern USE =
      Pattern.compile(
          "\\.\\s*(?:set"
              + TYPES
              + "\\(\\s*(?:\\+\\+\\w+|\\w+\\+\\+|\\d+)\\s*,"
              + "|get"
              + TYPES
              + "\\(\\s*(?:\\+\\+\\w+|\\w+\\+\\+|\\d+)\\s*[,)])");

  private ByPosition() {}

  /// The names of the sources that do it.
  static Set<String> in(Collection<Source> sources) {
    return sources.stream()
        .filter(source -> USE.matcher(source.code()).find())
        .map(Source::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
