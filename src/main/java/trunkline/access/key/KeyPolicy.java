package trunkline.access.key;

import java.time.Duration;

/// The bounds of what an instance knows of the keys.
///
/// @param goodWithoutLook how long a key that was good counts as good while nobody can look
/// @param keptUnused how long a key is known that nobody uses
/// @param keysMax keys that are known at once; the one that was not needed for the longest makes
///   room
/// @param refusedFor how long what is no key is known to be none
/// @param refusedMax of those, at once
/// @param lookUpPause from one statement about keys that are not known to the next
/// @param lookUpsMax of such keys in one statement, and as many as may wait for one
/// @param lookUpPatience how long a request waits for its key to be looked up
record KeyPolicy(
    Duration goodWithoutLook,
    Duration keptUnused,
    int keysMax,
    Duration refusedFor,
    int refusedMax,
    Duration lookUpPause,
    int lookUpsMax,
    Duration lookUpPatience) {
  static final KeyPolicy DEFAULT =
      new KeyPolicy(
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          10_000,
          Duration.ofSeconds(1),
          10_000,
          Duration.ofMillis(100),
          1_000,
          Duration.ofSeconds(2));
}
