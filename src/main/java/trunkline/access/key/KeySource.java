package trunkline.access.key;

import java.util.Collection;
import java.util.Map;

/// Where the keys are. Its one product implementation is [KeyRows].
interface KeySource {
  /// Those that are good now.
  Map<KeyDigest, GoodKey> find(Collection<KeyDigest> keys);

  /// Notes that they were used, unless that was noted within a minute.
  void touch(Collection<Long> ids);
}
