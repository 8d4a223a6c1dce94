package trunkline.cluster;

import java.time.Instant;
import trunkline.signal.InstanceId;

/// Another instance, as an observer reads it.
///
/// @param beatAt the beat it saw: compared with itself only, never with a clock of ours
/// @param expired its lease is over by the database's clock
/// @param gone declared dead, or left
record Sighting(InstanceId id, Instant beatAt, boolean expired, boolean gone) {}
