package trunkline.cluster;

import java.time.Instant;
import trunkline.signal.InstanceId;

/// Our row in `instances`.
///
/// @param startedAt by the database's clock; tells us from another that got the same number after a
///   failover or a restore lost our row
/// @param restores how often the database had been restored by then
public record Registration(InstanceId id, Instant startedAt, int restores) {}
