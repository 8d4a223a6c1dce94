package trunkline.cluster;

import java.util.Locale;

/// The state of an instance in the directory.
public enum InstanceState {
  READY,
  DRAINING,
  /// Its lease is over, but it is not declared dead yet.
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
