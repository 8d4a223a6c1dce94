package trunkline.seal;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The keys as they were read once, and the database's clock, which goes on here by the local
/// monotonic one.
///
/// @param keys at least one; the one that is usable first comes first
/// @param readAt by the database's clock
/// @param readNanos the same moment by the local clock, or a little later: so this clock is behind
///   the database's, and no key is used early
record KeyRing(List<SealKey> keys, Instant readAt, long readNanos) {
  KeyRing {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a ring has a key");
    }
    keys =
        keys.stream()
            .sorted(Comparator.comparing(SealKey::usableAt).thenComparing(SealKey::id))
            .toList();
  }

  Optional<SealKey> find(UUID id) {
    return keys.stream().filter(key -> key.id().equals(id)).findAny();
  }

  /// The one to seal with: the latest whose time has come. When that of none has, because the
  /// database's clock was put back, the one that everybody has known for the longest.
  SealKey sealing(Instant now) {
    var usable = keys.getFirst();
    for (var key : keys) {
      if (!key.usableAt().isAfter(now)) {
        usable = key;
      }
    }
    return usable;
  }

  /// The database's clock at this moment of the local one.
  Instant clock(long nanos) {
    return readAt.plus(age(nanos));
  }

  Duration age(long nanos) {
    return Duration.ofNanos(nanos - readNanos);
  }
}
