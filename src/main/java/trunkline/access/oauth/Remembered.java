package trunkline.access.oauth;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What was found out of tokens, by their hashes, for a while; those that were not seen for longest
/// make room. Bounded by the length of the tokens, to which what is kept of them is in proportion.
final class Remembered<T> {
  private final long lengthMax;
  private final Times times;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<TokenHash, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long length;

  private record Entry<T>(T value, int length, long untilNanos) {}

  Remembered(long lengthMax, Times times) {
    this.lengthMax = lengthMax;
    this.times = times;
  }

  Optional<T> find(TokenHash hash) {
    lock.lock();
    try {
      var entry = entries.get(hash);
      if (entry != null && times.nanoTime() - entry.untilNanos() >= 0) {
        remove(hash);
        entry = null;
      }
      return Optional.ofNullable(entry).map(Entry::value);
    } finally {
      lock.unlock();
    }
  }

  void put(TokenHash hash, T value, int tokenLength, long nanos) {
    lock.lock();
    try {
      remove(hash);
      entries.put(hash, new Entry<>(value, tokenLength, times.nanoTime() + nanos));
      length += tokenLength;
      while (length > lengthMax && entries.size() > 1) {
        remove(entries.firstEntry().getKey());
      }
    } finally {
      lock.unlock();
    }
  }

  void forget(TokenHash hash) {
    lock.lock();
    try {
      remove(hash);
    } finally {
      lock.unlock();
    }
  }

  private void remove(TokenHash hash) {
    var gone = entries.remove(hash);
    if (gone != null) {
      length -= gone.length();
    }
  }
}
