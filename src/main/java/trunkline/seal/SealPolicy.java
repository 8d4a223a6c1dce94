package trunkline.seal;

import java.time.Duration;

/// The times of seals and keys. `trunkline.keep_seal_keys` keeps a former key for as long as
/// `validityMax` and `ageMax` together, and `trunkline.make_seal_key` makes it known for longer
/// than instances take to read it.
///
/// @param validityMax how long a seal may hold
/// @param tolerance how much longer it holds: by how much instances may differ about the database's
///   clock
/// @param ageMax how old what this instance knows of the keys may be for it to seal
/// @param pause between two reads that unknown key ids have caused
record SealPolicy(Duration validityMax, Duration tolerance, Duration ageMax, Duration pause) {
  /// A day; five seconds; a day; a second.
  static final SealPolicy DEFAULT =
      new SealPolicy(
          Duration.ofHours(24), Duration.ofSeconds(5), Duration.ofHours(24), Duration.ofSeconds(1));

  SealPolicy {
    if (!validityMax.isPositive()
        || tolerance.isNegative()
        || !ageMax.isPositive()
        || !pause.isPositive()) {
      throw new IllegalArgumentException(
          "validityMax %s, tolerance %s, ageMax %s, pause %s"
              .formatted(validityMax, tolerance, ageMax, pause));
    }
  }
}
