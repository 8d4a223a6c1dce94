package trunkline.cluster;

import java.util.Locale;

/// What became of the wish that an instance serves nobody.
public enum DrainOutcome {
  /// It will, as soon as it reads the wish: at the latest with its next beat.
  DRAINS,
  /// It was told before, by SQL or by a signal.
  DRAINS_ALREADY,
  UNKNOWN_INSTANCE,
  DEAD,
  LEFT,
  /// Its release knows no such wish; a signal ends it.
  OLDER_RELEASE;

  /// @param words as the function `trunkline.drain` spells it
  static DrainOutcome of(String words) {
    return valueOf(words.replace(' ', '_').toUpperCase(Locale.ROOT));
  }
}
