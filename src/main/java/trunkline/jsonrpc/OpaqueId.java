package trunkline.jsonrpc;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The shape of the ids that clients name things by: 16 unguessable random bytes as 32 hex digits.
public final class OpaqueId {
  private static final int BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private OpaqueId() {}

  /// A new one.
  public static String random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Ids come from strangers: a text of another shape names nothing. Not by a pattern, which took 4
  /// % of an instance that only sends.
  public static boolean matches(String text) {
    if (text.length() != 2 * BYTES) {
      return false;
    }
    for (var at = 0; at < text.length(); at++) {
      var digit = text.charAt(at);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  /// Returns the text if it has the shape.
  ///
  /// @param what it is the id of, for the error
  public static String require(String what, String text) {
    if (!matches(text)) {
      throw new IllegalArgumentException(
          "not a " + what + " id (expected " + 2 * BYTES + " hex digits)");
    }
    return text;
  }
}
