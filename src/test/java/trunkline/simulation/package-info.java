/// The delivery core under a schedule: ten thousand orders of publish, claim, follow, lease,
/// take-over and sweep a minute, each from a number, each judged.
///
/// ```
///   seed ─▶ Weather   what may go wrong, and how often
///        ─▶ Schedule  who goes on next, and the time ─▶ Coroutine: an instance's thread, a statement
///                                                       in the database, a client, an operator
///   Node: the product's classes ─▶ Server ─▶ MemoryDatabase          Reader, Connection: the client
///                                                  Witness ─▶ History: the verdict
/// ```
///
/// **How.** Everything of all instances runs on one thread. [Coroutine] is what the JDK makes its
/// virtual threads of: work stops where it waits, and [Schedule] draws who goes on. The product
/// waits, starts work and tells the time through [trunkline.store.Clockwork], so its loops run here
/// as they are, and time is a number that a step raises. A process dies by not being resumed: on
/// any line that waits, with no `finally`. One frozen is not drawn for a while.
///
/// **What is the product.** Publish lanes with their batches, doubts and waiting streams
/// (`PublishLane`, `BatchSender`, `WaitingStreams`, `Publisher`); the lanes of reads, positions and
/// look-ups (`Lane`); `Follower`, `Followers`, `StreamConnections`, `ParkedConnections`, `Claims`,
/// `Holdings`, `MissedNews`, `Slots`; the reader of announcements with its buffer; opening, taking
/// over, ending and handing on calls (`StreamedCalls`, `OrphanedCalls`); `Observer`, `LeaseWatch`,
/// `Tenure`; bells, patience with an outage.
///
/// **What is not.** *The tables*: [MemoryDatabase] and the `Memory…` stores beside the product's
/// rows, statement by statement after the SQL. They pass the contract tests of the stores that
/// PostgreSQL passes (`MessageStoreContract`, `StreamStoreContract`, `CallStoreContract`,
/// `SlotStoreContract`, `BeatsContract`, `LogContract`); what followers are told of the log the
/// product's reader makes of it. *The round it*: heartbeat, sweeper and the running of handlers are
/// loops of [Node] and [Run] that call the product's steps as the product's own loops do. *Clients*
/// and HTTP.
///
/// **What goes wrong.** A statement takes its time between its snapshot, its locks, its numbers and
/// its commit, so others overtake it (late visibility). Its request or answer gets lost, or nobody
/// is there. Its row is locked. NOTIFY is late, lost, or never comes. The database stops with all
/// that it was doing; a standby takes its place that lacks the latest commits. An instance is
/// killed, frozen past its lease, or poisoned by a call. The writing moves to other slots and old
/// ones are emptied. Clients leave, open a second connection, forget where they were, end their
/// session. Each order has some of these, drawn from its number.
///
/// **What is judged.** [Witness] asks the same [trunkline.testing.History] as the scenarios: lost,
/// doubled, inverted, misrouted, made up. Besides: each publish ends; each call has one final
/// response, in bounded time, at most two runs, in their order on the stream; nothing outlives a
/// session or is opened in one that has ended; announcements come to each client in order. What no
/// promise covers is left out, and only that: what a promoted standby had not got; second copies
/// for a client without an id after its holder died or could not speak, or of what it asked for
/// twice itself; what was told as a gap.
///
/// **What is met.** [Situation] has the scenarios S1 to S17 of the design; a test fails when ten
/// thousand orders do not meet one of them. [Quirk] has rules to leave out, and for each an order
/// that shows it.
///
/// **What it cannot find.** What two threads of one instance do to each other's memory: here they
/// take turns at waits. What PostgreSQL does and the tables do not know: plans, deadlocks, real
/// TRUNCATE, the snapshot of a statement within itself. Faults of HTTP, of questions, tasks and the
/// session's changes. It is a search by chance, not a proof: a clean run says that these orders are
/// clean.
///
/// **One order again**: `mvn test -Dtest=SimulationTest -Dtrunkline.simulation.seed=42` tells all
/// that happens in it; a failing run names its numbers and tells the first. A number stands for its
/// order as long as neither the product's statements nor the simulation's draws change.
@NullMarked
package trunkline.simulation;

import org.jspecify.annotations.NullMarked;
