/// The instances, which of them live, and the jobs they share.
///
/// **Identity.** Every start registers a row in `instances` and so gets an
/// [trunkline.signal.InstanceId] that was never used before. An instance that was declared dead is
/// fenced for ever: it stops what it did under that number and registers anew.
///
/// ```
///   registered ──beat every 2 s, lease 10 s──▶ ready ◀──▶ draining ──▶ left  (said goodbye)
///                                                │
///                     lease over, see below      └─────▶ dead       (declared; fenced for ever)
/// ```
///
/// **Who is dead?** No instance is, by one clock alone. An observer declares an instance dead when
/// its lease is over *by the database's clock* and its beat has not changed for one lease *of the
/// observer's own successful reads*. So neither an outage of the database, nor a clock that jumps,
/// nor an observer that was frozen itself kills an instance. The declaration is one guarded UPDATE,
/// so there is one winner; an operator who knows better calls `trunkline.declare_dead(instance)`.
/// Streams never wait for a death: a client's GET claims at once and the epoch fences the former
/// holder.
///
/// **Trust ends before the lease.** [trunkline.cluster.Tenure] counts from before the beat was
/// sent, on the local monotonic clock, and ends some seconds before the lease does. It stops
/// handlers early; correctness rests on the epochs alone.
///
/// **Draining** is what the directory says of an instance that was told to leave, or that an
/// operator wants to serve nobody. The wish is a column of its row, `drain_wanted_at`, which each
/// beat reads: a NOTIFY makes the beat come at once, and nothing depends on it. It beats and may be
/// declared dead like any other; a new number keeps the wish, which is about the process. What it
/// made of the wish it says with its beats (`draining_at`, `drained_at`), and that nothing takes it
/// back once a signal has told it to end (`leaving_at`).
///
/// **Heartbeat.** It has a thread and a direct connection of its own, so that a busy pool does not
/// make the fleet declare itself dead. When the database is away it keeps trying.
///
/// **Jobs.** A [trunkline.cluster.Sweeper] runs each [trunkline.cluster.Sweep] at its own cadence,
/// in bounded batches: a sweep must be harmless when another instance does the same at the same
/// moment. One that fails is reported and does not stop the others.
///
/// **One sweeps for all.** What is about everybody's rows is done by whoever holds the
/// [trunkline.cluster.Baton], a row with an expiry by the database's clock that the sweeping thread
/// itself renews. A holder that hangs, is cut off or fails loses it within a lease; one that is
/// declared dead or leaves, at once. It only saves work: two that sweep at once, or an instance of
/// a former release that knows of no baton, do no harm. What is about an instance's own (its beats,
/// its connections, its calls, taking over what it has room for) each does by itself.
///
/// **A recurring statement costs what it finds.** What is due is in an index by its time or its
/// state, where that does not end HOT updates of what is updated often; for the rest a
/// [trunkline.cluster.Walk] looks at one page after the other, at full speed only when somebody has
/// died. The figures are in `db/README.md`.
///
/// **One looks for many.** An observer's look at the others also sees whether there may be anything
/// to do ([trunkline.cluster.LookAround]): in the log and the outbox, among unfinished streams and
/// tasks, untold actions, a free baton. The statements that do it come only then. It never decides:
/// a glance says too much rather than too little, one that is older than three seconds by the local
/// monotonic clock says nothing, and without NOTIFY the log and the outbox are polled as well. It
/// comes once a second however long the lease. Where it fails and the database is there (a lock on
/// a table that it reads), the others are looked at alone: nobody's death waits for it. The baton
/// is still renewed and taken by its own guarded statement; those who saw it held do not ask.
///
/// **What operators did.** The functions for operators record what they do (`operator_actions`), in
/// their own transaction. Every instance looks for what nobody has told, marks it and tells it, so
/// that log and meters have each action once, wherever it was done.
///
/// **A database that was put back.** An instance that finds the database elsewhere than it was, or
/// without its own row, lost its number and does all that a start does. The first one to see it
/// adopts the database, which declares the others dead, so that they do the same; ids, numbers and
/// epochs go on where no lost future can have come. A promoted standby only makes it close its
/// connections: the clients' places are looked up when they return.
///
/// **Before serving**, [trunkline.cluster.DatabaseInspection] reports the database's faults and
/// their remedies, and raises the base of the ids when a restored or upgraded database would issue
/// ids that clients have seen before.
///
/// **Not done here.** No leader and no membership protocol: every instance may do every job, and
/// the rows it works on decide who wins. The baton is no leadership: nothing is right because of
/// it.
@NullMarked
package trunkline.cluster;

import org.jspecify.annotations.NullMarked;
