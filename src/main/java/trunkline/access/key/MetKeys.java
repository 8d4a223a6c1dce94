package trunkline.access.key;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys that this instance has met. A look renews all of them at once and ends those that the
/// database does not call good any more, so that a request asks nobody.
final class MetKeys {
  private final KeySource source;
  private final LongSupplier nanos;
  private final KeyPolicy policy;
  private final Map<KeyDigest, MetKey> keys = new ConcurrentHashMap<>();

  MetKeys(KeySource source, LongSupplier nanos, KeyPolicy policy) {
    this.source = source;
    this.nanos = nanos;
    this.policy = policy;
  }

  @Nullable MetKey find(KeyDigest digest) {
    return keys.get(digest);
  }

  Collection<MetKey> all() {
    return List.copyOf(keys.values());
  }

  /// @param beganNanos when the question was asked that found it
  MetKey add(KeyDigest digest, GoodKey key, long beganNanos) {
    if (keys.size() >= policy.keysMax()) {
      makeRoom();
    }
    return keys.compute(
        digest,
        (_, known) ->
            known == null || !known.holds() ? new MetKey(key, beganNanos, nanos, policy) : known);
  }

  /// What was opened with a key that has to go ends, since nobody would look after it any more; its
  /// client comes back and is looked up.
  private void makeRoom() {
    keys.entrySet().stream()
        .min(Comparator.comparingLong(entry -> entry.getValue().neededNanos()))
        .ifPresent(entry -> end(entry.getKey()));
  }

  private void end(KeyDigest digest) {
    var key = keys.remove(digest);
    if (key != null) {
      key.end();
    }
  }

  /// Looks at all of them, in one statement; where there are none, in none.
  void look() {
    var idle = nanos.getAsLong() - policy.keptUnused().toNanos();
    keys.forEach((digest, key) -> {
      if (key.neededNanos() - idle < 0) {
        end(digest); // whoever takes it in this moment looks it up anew
      }
    });
    var asked = Map.copyOf(keys);
    if (asked.isEmpty()) {
      return;
    }
    var began = nanos.getAsLong();
    var good = source.find(asked.keySet());
    asked.forEach((digest, key) -> {
      var found = good.get(digest);
      if (found == null) {
        key.end();
        keys.remove(digest, key);
      } else {
        key.renew(found, began);
      }
    });
  }
}
