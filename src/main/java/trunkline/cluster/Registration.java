package trunkline.cluster;

import trunkline.signal.InstanceId;

import java.time.OffsetDateTime;

/// Our row in `instances`.
///
/// @param startedAt by the database's clock; tells us from somebody who got the same number after a
///   failover that lost our row
record Registration(InstanceId id, OffsetDateTime startedAt) {}
