package trunkline.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.signal.WakeMode;

/// An entry of the directory.
///
/// @param url its address for clients and other instances
/// @param wakeMode how it is woken
/// @param beatAt its last beat, by the database's clock
/// @param drainedAt since when it holds no stream and runs no call, as far as it is draining; else
///   null
public record Instance(
    InstanceId id,
    String url,
    String version,
    InstanceState state,
    long streamsHeld,
    WakeMode wakeMode,
    Instant beatAt,
    Instant startedAt,
    @Nullable Instant drainedAt) {}
