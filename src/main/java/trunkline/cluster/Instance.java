package trunkline.cluster;

import java.time.Instant;
import trunkline.signal.InstanceId;
import trunkline.signal.WakeMode;

/// An entry of the directory.
///
/// @param url its address for clients and other instances
/// @param wakeMode how it is woken
/// @param beatAt its last beat, by the database's clock
public record Instance(
    InstanceId id,
    String url,
    String version,
    InstanceState state,
    long streamsHeld,
    WakeMode wakeMode,
    Instant beatAt,
    Instant startedAt) {}
