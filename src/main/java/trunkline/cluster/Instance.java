package trunkline.cluster;

import java.time.Instant;
import trunkline.signal.InstanceId;

/// An entry of the directory.
///
/// @param url where clients and other instances reach it
/// @param wakeMode how it learns of news: `notify` or `polling`
/// @param beatAt its last beat, by the database's clock
public record Instance(
    InstanceId id,
    String url,
    String version,
    InstanceState state,
    long streamsHeld,
    String wakeMode,
    Instant beatAt,
    Instant startedAt) {}
