package trunkline.protocol;

/// Texts that strangers or handlers wrote and that people are to read in a table: the beginning
/// says enough, and PostgreSQL's text has no NUL.
final class Abbreviation {
  private static final int LENGTH_MAX = 200;

  private Abbreviation() {}

  static String of(String text) {
    return of(text, LENGTH_MAX);
  }

  static String of(String text, int lengthMax) {
    var storable = text.replace("\0", "");
    return storable.length() > lengthMax ? storable.substring(0, lengthMax) : storable;
  }
}
