package trunkline.http;

/// What a body will cost in memory: it is held in pieces and as a whole while it arrives, then as
/// characters, texts and the nodes of a tree. A body of brackets makes a tree of thirty times its
/// size.
final class BodyWeight {
  /// For each byte while it arrives.
  static final long ARRIVING = 2;

  /// For each byte while it is parsed, and of the texts that stay.
  private static final int PARSED = 3;

  private static final int OBJECT = 100;
  private static final int ARRAY = 60;
  private static final int MEMBER = 150;
  private static final int ELEMENT = 40;

  private BodyWeight() {}

  /// Of the tree, besides the body.
  static long ofTree(byte[] body) {
    var weight = (long) PARSED * body.length;
    for (var b : body) {
      weight +=
          switch (b) {
            case '{' -> OBJECT;
            case '[' -> ARRAY;
            case ':' -> MEMBER;
            case ',' -> ELEMENT;
            default -> 0;
          };
    }
    return weight;
  }
}
