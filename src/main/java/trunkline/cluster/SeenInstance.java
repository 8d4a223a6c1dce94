package trunkline.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;

/// A row as it is read, also where its last beat cannot be.
record SeenInstance(InstanceId id, @Nullable Instant beat, boolean expired, boolean gone) {
  Sighting sighting() {
    if (beat == null) {
      throw new IllegalStateException("its last beat was at no time: beat_at is infinite");
    }
    return new Sighting(id, beat, expired, gone);
  }
}
