package trunkline.cluster;

import java.time.Instant;

/// A beat as the database has it.
///
/// @param at its time
/// @param before the time of the one that it replaced
/// @param timeline the history of the server that it went into; another one follows a failover
/// @param drainWanted whether an operator wants the instance to serve nobody
record BeatWritten(Instant at, Instant before, long timeline, boolean drainWanted) {}
