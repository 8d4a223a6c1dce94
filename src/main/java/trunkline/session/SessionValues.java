package trunkline.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Values that tools keep with a session, readable and writable from every instance; the last write
/// wins. They end with the session.
public final class SessionValues {
  private final SessionValueRows rows;
  private final SessionPolicy policy;
  private final SessionKey session;

  SessionValues(SessionValueRows rows, SessionPolicy policy, SessionKey session) {
    this.rows = rows;
    this.policy = policy;
    this.session = session;
  }

  public Optional<String> get(String name) {
    return rows.find(session, named(name));
  }

  /// Keeps the value, in place of a former one of that name.
  ///
  /// @return false when the session has ended
  /// @throws SessionLimitReached when the value is too big or there are too many
  public boolean put(String name, String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > policy.valueBytesMax()) {
      throw new SessionLimitReached(
          "a session value of " + bytes + " bytes: the limit is " + policy.valueBytesMax());
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a session value cannot hold the character U+0000");
    }
    return switch (rows.put(session, named(name), value, policy.valuesMax())) {
      case DONE -> true;
      case GONE -> false;
      case FULL ->
          throw new SessionLimitReached(
              "the session keeps too many values: the limit is " + policy.valuesMax());
    };
  }

  /// Forgets the value; false when there was none.
  public boolean remove(String name) {
    return rows.remove(session, named(name));
  }

  private static String named(String name) {
    if (name.isEmpty()
        || name.length() > SessionPolicy.VALUE_NAME_LENGTH_MAX
        || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the name of a session value has 1 to "
              + SessionPolicy.VALUE_NAME_LENGTH_MAX
              + " characters, not "
              + name.length());
    }
    return name;
  }
}
