/// What there is right now: instances, sessions, streams, what waits, how much is stored, and how
/// fast it moves.
///
/// ```
///   StatusLook ──▶ DirectoryRows (views: any role that reads)   ─┐
///              └─▶ StatusRows    (tables: the role that serves) ─┴▶ Status ──▶ Rates (of two of them)
/// ```
///
/// **Each part is a statement of its own**, so that one which the role may not run, or which takes
/// longer than two seconds, leaves a gap with its reason and nothing else. Nothing is locked and
/// nothing written.
///
/// **What it costs** grows with sessions and streams, which are counted. Messages are not: the
/// backlog is looked up for each stream with a client, and for a part of the others.
/// `statement_timeout` bounds each part. What an instance knows of itself (pool, memory, latencies)
/// is in its meters.
@NullMarked
package trunkline.status;

import org.jspecify.annotations.NullMarked;
