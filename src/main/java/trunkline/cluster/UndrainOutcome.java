package trunkline.cluster;

import java.util.Locale;

/// What became of the wish that a drained instance serves again.
public enum UndrainOutcome {
  /// It will, as soon as it reads the wish: at the latest with its next beat.
  SERVES_AGAIN,
  /// Nobody had drained it by SQL.
  SERVES_ALREADY,
  /// A signal has told it to end, which nothing takes back.
  LEAVES,
  UNKNOWN_INSTANCE,
  DEAD,
  LEFT,
  /// Its release knows no such wish.
  OLDER_RELEASE;

  /// @param words as the function `trunkline.undrain` spells it
  static UndrainOutcome of(String words) {
    return valueOf(words.replace(' ', '_').toUpperCase(Locale.ROOT));
  }
}
