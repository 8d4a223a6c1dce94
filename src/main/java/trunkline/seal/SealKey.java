package trunkline.seal;

import java.time.Instant;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key of the ring.
///
/// @param usableAt from when on it seals, by the database's clock
record SealKey(UUID id, SecretKey secret, Instant usableAt) {

  static SealKey of(UUID id, byte[] secret, Instant usableAt) {
    return new SealKey(id, new SecretKeySpec(secret, "AES"), usableAt);
  }
}
