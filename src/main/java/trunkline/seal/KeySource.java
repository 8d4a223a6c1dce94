package trunkline.seal;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Where the keys are. Its one product implementation is [SealKeyRows].
interface KeySource {
  /// All keys; nothing when there is none.
  CompletableFuture<Optional<KeyRing>> read();

  /// Makes a key when it is time, and removes what nothing needs.
  ///
  /// @return keys made and removed
  int keep(int rowsMax);

  /// Makes a key, unless one waits for its time.
  ///
  /// @return from when on it is used
  Instant rotate();
}
