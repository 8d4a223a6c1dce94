/// What an instance does, minute by minute, in a table that any of them, and SQL, can show.
///
/// ```
///   events ──▶ TrafficCount ──▶ (every 20 s) Minutes ──▶ MinuteRows ──▶ instance_minutes
/// ```
///
/// **Why not the meters?** They begin anew with each process and tell of one instance alone.
/// Whoever has Prometheus needs nothing of this; whoever has only the database sees here what the
/// last hour was like, also of an instance that is gone.
///
/// **Cost.** A request adds to a few counters in memory. Three statements an instance and minute
/// write them, none where nothing happened; a week of one instance is 10,080 rows at most.
///
/// **Which clock?** The database's, in the statement: what happened belongs to the minute in which
/// it is written, 20 s later at most.
///
/// **What if the process ends?** Then its last 20 s are missing, also when it leaves in peace. **If
/// the answer was lost?** What is written has a number, and is found by it instead of being added
/// again. **If the database is away?** Counters go on, and are written with the next turn: a minute
/// that looks busier than it was.
@NullMarked
package trunkline.history;

import org.jspecify.annotations.NullMarked;
