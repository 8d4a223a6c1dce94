package trunkline.rate;

import java.util.Map;
import java.util.Optional;

/// What is limited to what: by rows, else by options.
///
/// @param rows what operators set, by SQL; empty for what they set free
record RateSettings(RatePolicy options, Map<BucketKey, Optional<RateLimit>> rows) {
  RateSettings {
    rows = Map.copyOf(rows);
  }

  boolean isEmpty() {
    return rows.isEmpty() && options.isEmpty();
  }

  /// What this bucket is limited to; empty for no limit.
  Optional<RateLimit> of(BucketKey key) {
    if (!rows.isEmpty()) {
      for (var pattern : key.patterns()) {
        var row = rows.get(pattern);
        if (row != null) {
          return row;
        }
      }
    }
    return options.of(key);
  }
}
