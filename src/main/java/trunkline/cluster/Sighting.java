package trunkline.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;

/// Another instance, as an observer reads it.
///
/// @param beatAt the beat it saw: compared with itself only, never with a clock of ours
/// @param expired its lease is over by the database's clock
/// @param gone declared dead, or left
record Sighting(InstanceId id, Instant beatAt, boolean expired, boolean gone) {

  /// The row, also where its last beat cannot be.
  record Row(InstanceId id, @Nullable Instant beat, boolean expired, boolean gone) {
    Sighting sighting() {
      if (beat == null) {
        throw new IllegalStateException("its last beat was at no time: beat_at is infinite");
      }
      return new Sighting(id, beat, expired, gone);
    }
  }
}
