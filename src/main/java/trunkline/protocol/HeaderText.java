package trunkline.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The value of a mirrored header: as it is, or `=?base64?…?=` where it could not be sent so (MCP
/// 2026-07-28, Streamable HTTP, Value Encoding).
final class HeaderText {
  private static final String PREFIX = "=?base64?";
  private static final String SUFFIX = "?=";

  /// The decoder of the JDK forgives missing padding.
  private static final Pattern STRICT = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

  private HeaderText() {}

  /// Empty when it begins and ends like an encoded one and is none.
  static Optional<String> decode(String value) {
    if (!value.startsWith(PREFIX)
        || !value.endsWith(SUFFIX)
        || value.length() < PREFIX.length() + SUFFIX.length()) {
      return Optional.of(value);
    }
    var encoded = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
    if (encoded.length() % 4 != 0 || !STRICT.matcher(encoded).matches()) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getDecoder().decode(encoded);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
