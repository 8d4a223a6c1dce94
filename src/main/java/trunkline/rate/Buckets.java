package trunkline.rate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The buckets that this instance has something of, up to a number.
final class Buckets {
  static final int BUCKETS_MAX = 50_000;

  /// How many make room at a time.
  private static final int EVICTED = 1000;

  private final Map<BucketKey, Bucket> buckets = new ConcurrentHashMap<>();

  Bucket of(BucketKey key, RateLimit limit, long nanos) {
    var known = buckets.get(key);
    if (known != null) {
      return known;
    }
    if (buckets.size() >= BUCKETS_MAX) {
      makeRoom();
    }
    return buckets.computeIfAbsent(key, it -> new Bucket(it, limit, nanos));
  }

  /// What is in hand of them is lost: a limit is stricter for a moment, where there are so many
  /// clients.
  private void makeRoom() {
    var evicted = 0;
    for (var bucket : buckets.values()) {
      if (evicted++ == EVICTED) {
        return;
      }
      remove(bucket);
    }
  }

  private void remove(Bucket bucket) {
    bucket.forget();
    buckets.remove(bucket.key(), bucket);
  }

  List<Bucket> all() {
    return new ArrayList<>(buckets.values());
  }

  /// Takes out what nobody has used for long.
  void forgetOld(long nanos) {
    buckets.values().removeIf(bucket -> bucket.forgetIfOld(nanos));
  }

  void forgetAll() {
    all().forEach(this::remove);
  }

  int size() {
    return buckets.size();
  }
}
