package trunkline.access.key;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// What was brought and is no key, or none any more, for a moment: a client that goes on sending it
/// is not looked up each time. Not for longer, since its issuing may just be about to commit.
final class RefusedKeys {
  private final LongSupplier nanos;
  private final KeyPolicy policy;
  private final Map<KeyDigest, Long> refused = new LinkedHashMap<>();

  RefusedKeys(LongSupplier nanos, KeyPolicy policy) {
    this.nanos = nanos;
    this.policy = policy;
  }

  synchronized boolean contains(KeyDigest digest) {
    var since = refused.get(digest);
    return since != null && nanos.getAsLong() - since < policy.refusedFor().toNanos();
  }

  synchronized void add(KeyDigest digest) {
    refused.remove(digest); // so that the first is the oldest
    refused.put(digest, nanos.getAsLong());
    if (refused.size() > policy.refusedMax()) {
      var oldest = refused.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
