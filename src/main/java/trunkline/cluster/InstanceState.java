package trunkline.cluster;

import java.util.Locale;

/// What the directory says of an instance.
public enum InstanceState {
  READY,
  DRAINING,
  /// Its lease is over, but nobody has declared it dead yet.
  SILENT,
  DEAD,
  LEFT;

  static InstanceState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// As the directory spells it.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
