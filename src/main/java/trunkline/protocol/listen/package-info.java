/// What a client without a session hears of changes: `subscriptions/listen` of MCP 2026-07-28, on
/// every instance.
///
/// ```
///   a change on any instance ─▶ announcements ─▶ each instance's one reader of the log
///   a change by SQL ─▶ outbox ─▶                          │ Listens.tell: one look into an index
///                                                         ▼
///   POST ─▶ StatelessGateway ─▶ Listens.open ─▶ ListenStream ─ WaitingHints ─▶ its connection's thread
///           reads the Filter      a place        known, then acknowledged
/// ```
///
/// **A stream asks the database nothing** unless it is about tasks, and has no row: it lives on the
/// instance that its client came to, and its client listens anew, anywhere, when it ends. What it
/// is told are hints ([trunkline.protocol.listen.Hint]): that a list or a resource may have
/// changed, never how. So none is numbered, stored or replayed, and one too many does no harm.
///
/// **Tasks** are the exception: their news are how they stand, so the stream looks before it
/// writes, first right after the acknowledgement, and says nothing that it has said. What changed
/// it learns as everybody does who waits for a task: by the ring, or the poll (`task.TaskWatch`,
/// one statement for all). One that cannot be read now is looked at again a second later.
///
/// **None too few.** A stream is known to whoever tells before its acknowledgement is written; what
/// changes from then on is told. Hints follow the announcements, which reach every instance, also
/// those that were made by SQL. When this instance may have missed some, each stream is told all
/// that it asked for (`Announcements.onGap`): after a start or a new registration, the promotion of
/// a standby, a log that was trimmed, rewound, restored or swapped, a row that cannot be read. The
/// hints come after the log was looked at, so that what its client reads then is at least as new.
///
/// **What waits is bounded.** Each hint waits once, however often it is told
/// ([trunkline.protocol.listen.WaitingHints]), so a client that reads slowly costs as much as its
/// filter is long, and one that stops reading is closed by its connection. The filter is noted as
/// held memory, which the request itself gives back. A principal has `--principal-listens-max`
/// streams on an instance; all together are as many as the heap bears, GET streams included
/// (`http.OpenStreams`).
///
/// **The filter** is what the server declares as capabilities: the rest of what was asked for, and
/// what only a newer revision knows, is missing in the acknowledgement. So are URIs that no
/// resource of the catalog has; one that is switched off counts, since it may be switched on
/// meanwhile. What a principal may not see is as if it were not there, and what it sees and may not
/// read refuses the whole filter with all scopes that it takes. That is what `resources/subscribe`
/// refuses in the other era; here it would take the other hints with it. At most 1,000 URIs and 64
/// KiB of them in one filter.
///
/// **Ends.** The instance leaves or is drained: its streams end with a result, at most a thousand a
/// second together with those of sessions, whatever waits first. One that comes to such an instance
/// all the same is acknowledged and ends within a second, so that its client does not come again at
/// once. What let its client in is over: it ends with a result too, without what waits. The
/// instance dies: the connection breaks. The client goes away: the keep-alive notices.
///
/// **When things fail.**
/// - NOTIFY is lost: the log is read every second. There is none (`--poll-only`): every 0.4 s, and
///   outbox rows as often, so that a change by Java is heard within half a second and one by SQL
///   within one.
/// - The database is away, or only for this instance: streams stay open and hear nothing until it
///   is back, and then everything, or that it may have been. They are not sent away: every instance
///   would do so at once, and nobody would be there to listen.
/// - This instance is fenced: its streams go on, since nobody else can have them.
/// - Which clock decides: none. The order is that of the log.
///
/// **Not here.** Progress and log messages, which belong to requests; broadcasts, which no filter
/// asks for.
@NullMarked
package trunkline.protocol.listen;

import org.jspecify.annotations.NullMarked;
