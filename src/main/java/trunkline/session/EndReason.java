package trunkline.session;

import java.util.Locale;

/// The reason for the end of a session, as operators read it.
public enum EndReason {
  /// Its client ended it.
  CLIENT,
  /// The server's own code ended it.
  SERVER,
  /// It was unused for too long, or it reached its greatest age.
  UNUSED;

  /// As it is stored and reported: `client`.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
