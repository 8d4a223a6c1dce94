package trunkline.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// The opaque value of the `Mcp-Session-Id` header; possession of it is not authorization.
public record SessionId(String value) {
  private static final int BYTES = 16;
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public SessionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a session id (expected " + 2 * BYTES + " hex digits)");
    }
  }

  /// One that nobody can guess.
  static SessionId random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SessionId(HexFormat.of().formatHex(bytes));
  }

  /// Headers come from strangers: a malformed value is an absent session, not an error.
  public static Optional<SessionId> parse(String header) {
    return SHAPE.matcher(header).matches() ? Optional.of(new SessionId(header)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
