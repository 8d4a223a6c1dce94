/// Wake-ups between instances, and nothing else. A wake-up says "look at this again"; it carries no
/// data, and it may be lost, late, repeated or sent to the wrong instance.
///
/// **The promise.** Losing every NOTIFY changes latency from milliseconds to the poll interval, and
/// nothing else. So nothing here is retried, stored or acknowledged, and nobody above may depend on
/// a ring: each loop waits at its [trunkline.signal.Doorbell] for at most one
/// [trunkline.signal.Pace] interval and then looks by itself.
///
/// ```
///   COMMIT ─▶ Waker ── one NOTIFY in flight, the rest joins the next ──▶ PostgreSQL
///                │                                                          │ trunkline_<instance>
///      own instance: no NOTIFY                                              │ trunkline_all
///                ▼                                                          ▼
///            Doorbells ◀──────────────── ring ────────────────── NotificationListener
///                │
///                ▼  bell.await(pace.interval())
///          whoever follows a stream, waits for an answer, reads the log
/// ```
///
/// **One door.** [trunkline.signal.Signals] makes and joins all of this. `mode()` and `pace()` rest
/// on the canary; another path would be joined there.
///
/// **Never in a data transaction.** A transaction that notifies holds a lock on the whole cluster
/// across its flush to disk. The waker notifies after the commit, in a transaction without data.
///
/// **Listening is not believed, it is proven.** A socket can be half open for a quarter of an hour,
/// and a transaction pooler accepts LISTEN and delivers nothing. So every two seconds a canary goes
/// through the pool to our own channel and has to come back through the listener. While the last
/// one came back it travels with the look around, if one comes in time; else by itself:
///
/// ```
///               canary returns                    missed twice, or the connection failed
///   doubtful ───────────────────▶ NOTIFY, hearing ─────────────────────────────────▶ POLLING
///      ▲                            │  ▲                                                │
///      │             missed once    ▼  │ returns                                        │
///      │                          NOTIFY, doubtful (polls fast)                         │
///      └────────── close hard, pause, connect to the primary, LISTEN, *then* ring all ◀─┘
/// ```
///
/// A canary that could not be sent says nothing about the listener: it makes the path doubtful, but
/// does not cut it. The next one then goes by itself. While doubtful or polling, loops look every
/// 50 ms when busy and every 250-400 ms when idle; while hearing, about once a second.
///
/// **One may look for all.** A loop whose poll is a statement of its own may rest
/// ([trunkline.signal.Signals#resting]) while NOTIFY is proven to arrive *and* somebody looks for
/// it: one look a second sees what many would look for, and rings them. So a lost NOTIFY is found
/// as soon as before, by fewer statements. On doubt of the canary, and when a look fails, whoever
/// rests is rung and goes on at its own pace; a look that hangs counts for three seconds, by the
/// local monotonic clock. A rest lasts ten seconds at most: the net for a look that sees too
/// little.
///
/// **No time is lost in the driver.** After a notification it asks for more and waits a millisecond
/// for it; [trunkline.signal.PromptSockets] answer at once.
///
/// **Failures.** The database is away: the listener keeps trying with growing, jittered pauses, and
/// its loop ends only by `close`. NOTIFY fails (queue full, lock time-out): dropped and counted.
/// Too many wake-ups wait for one target: they become one ring of the whole topic, so memory is
/// bounded. This instance is fenced: `moveTo` names its new channel, the listener moves within a
/// fraction of a second and rings everybody, so what was sent in between is found.
///
/// **Not done here.** No payloads, no routing decisions, no order. Which instance holds a stream is
/// read from the stream's row by whoever publishes.
@NullMarked
package trunkline.signal;

import org.jspecify.annotations.NullMarked;
