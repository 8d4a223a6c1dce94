package trunkline.jsonrpc;

/// A text to be sent or stored that holds half of a surrogate pair: no UTF-8 can spell it, and a
/// question mark in its place would be a silent loss. Whoever wrote the text is told; a client may
/// read the message.
public final class NotUnicode extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private NotUnicode() {
    super("a text holds half of a surrogate pair, which is no character: it cannot be sent");
  }

  static boolean isUnicode(String text) {
    return half(text) < 0;
  }

  static String require(String text) {
    if (half(text) >= 0) {
      throw new NotUnicode();
    }
    return text;
  }

  private static int half(String text) {
    for (var index = 0; index < text.length(); index++) {
      if (Character.isSurrogate(text.charAt(index))) {
        if (!Character.isHighSurrogate(text.charAt(index))
            || index + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(index + 1))) {
          return index;
        }
        index++;
      }
    }
    return -1;
  }
}
