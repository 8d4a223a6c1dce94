package trunkline.access.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// The SHA-256 of a key, which is all that is kept of it, here and in the database. Unsalted and
/// fast is right: a key has 256 random bits.
///
/// @param hex 64 digits
record KeyDigest(String hex) {
  /// `tk_`, its number, and 256 bits in base64url.
  private static final Pattern FORM = Pattern.compile("tk_[1-9][0-9]{0,18}_[A-Za-z0-9_-]{43}");

  private static final HexFormat HEX = HexFormat.of();

  /// Empty for what nobody can have issued, which nobody has to look up.
  static Optional<KeyDigest> of(String key) {
    if (!FORM.matcher(key).matches()) {
      return Optional.empty();
    }
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return Optional.of(of(sha256.digest(key.getBytes(StandardCharsets.US_ASCII))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static KeyDigest of(byte[] sha256) {
    return new KeyDigest(HEX.formatHex(sha256));
  }

  byte[] bytes() {
    return HEX.parseHex(hex);
  }
}
