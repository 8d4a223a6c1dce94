package trunkline.access.oauth;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What was found out of tokens, by their hashes, for a while; those that were not seen for longest
/// make room. Bounded by the length of the tokens, to which what is kept of them is in proportion,
/// and by what each of them takes however short it is.
final class Remembered<T> {
  /// What a token counts for besides its length: its hash, the entry, and a reason or a few claims.
  static final int EACH = 512;

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
      var counted = EACH + tokenLength;
      entries.put(hash, new Entry<>(value, counted, times.nanoTime() + nanos));
      length += counted;
      while (length > lengthMax && entries.size() > 1) {
        remove(entries.firstEntry().getKey());
      }
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
