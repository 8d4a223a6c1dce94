package trunkline.audit;

/// Texts of strangers as a column takes them: on one line, of bounded length.
final class Plain {
  private Plain() {}

  static String text(String given, int lengthMax) {
    var plain = new StringBuilder(Math.min(given.length(), lengthMax));
    given
        .codePoints()
        .limit(lengthMax)
        .forEach(c ->
            plain.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                    ? '?'
                    : c));
    return plain.toString();
  }

  /// A resource's address without what may be a secret: who asks, and with which parameters.
  static String uri(String given, int lengthMax) {
    var end = given.length();
    for (var mark : new char[] {'?', '#'}) {
      var at = given.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    var kept = given.substring(0, end).replaceFirst("^([^/@]*//)[^/@]*@", "$1");
    return text(end < given.length() ? kept + given.charAt(end) + "…" : kept, lengthMax);
  }
}
