package trunkline.protocol;

/// Texts that strangers or handlers wrote and that people are to read in a table: the beginning
/// says enough, and PostgreSQL's text has no NUL.
final class Brief {
  private static final int LENGTH_MAX = 200;

  private Brief() {}

  static String of(String text) {
    var storable = text.replace("\0", "");
    return storable.length() > LENGTH_MAX ? storable.substring(0, LENGTH_MAX) : storable;
  }
}
