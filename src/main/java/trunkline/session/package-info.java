/// Clients' conversations of the stateful revisions, the same for every instance.
///
/// **One row is the session.** There is no copy in any process: a look-up is a statement that
/// starts after the request arrived (batched with everybody else's, [trunkline.store.Lane]), so
/// what one instance committed before it answered is what every other instance sees from then on. A
/// session that is unknown, has ended, has lived its time or belongs to another principal *does not
/// exist*: one empty answer, no way to tell which.
///
/// ```
///   open ──▶ living ──touch──▶ living        ended: DELETE, SQL, idle, lifetime over
///              │                              no way back; rows stay for `retention`,
///              └──────end──────▶ ended ──▶ forgotten   then a sweep removes them all
/// ```
///
/// **Whoever adds to a session holds its row.** Streams, calls, subscriptions and values are
/// inserted by a statement that selects the session `FOR KEY SHARE` and re-checks that it lives;
/// whoever ends it takes `FOR UPDATE` first. One of the two comes first, in either order: nothing
/// is born into a session that has ended. A foreign key would not do (it does not conflict with an
/// update of `ended_at`).
///
/// **Ending is one function call** (`trunkline.end_session_now`), one round trip: lock the session,
/// finish its streams in id order, cancel its calls, settle its pending requests, announce it. Each
/// statement in it has a snapshot of its own, so what the lock waited for is seen. It answers whom
/// to wake (holders, writers, askers, everybody for the announcement), and they are woken after the
/// commit. Ending a session twice does nothing the second time.
///
/// **Use** is noted in memory and written at most every 10 s per instance, each session once, with
/// `SKIP LOCKED`: a touch waits for nobody and nobody waits for a touch. The sweep therefore waits
/// half a minute longer than the idle timeout, and judges again under the session's lock: an open
/// stream, a running call or a late touch keeps the session.
///
/// **Roots.** What a client told of its roots is kept in its session's row when it declared that it
/// says when they change, under the version that was read before it was asked; its notice adds one
/// to the version. Nobody is woken by that and no process remembers anything: who wants the roots
/// reads the row, and whoever reads it after the notice was answered asks anew. So a lost NOTIFY is
/// of no importance here, and calls that want no roots pay nothing.
///
/// **Limits.** Per principal exactly (two instances that open for one principal count one after the
/// other), anonymous clients are exempt because they are one principal; altogether roughly, by a
/// count that is taken with each sweep. One anonymous client cannot be told from another (addresses
/// are those of proxies, or change), so none is bounded by itself; instead, when all places are
/// taken, the anonymous sessions that have been idle for a minute and the longest, with neither
/// stream nor call, make room, at most a hundred a second for each instance. A client whose session
/// went so is told 404 and opens another, as MCP asks of it. What exceeds a limit is refused with
/// [trunkline.session.SessionLimitReached] and a sentence that names the limit.
///
/// **Removing a person.** [trunkline.session.Purge] takes bounded steps of a function that spans
/// all owners: what lives is ended, and five seconds later removed with everything that was said.
/// It may stop and go on anywhere.
///
/// **Failure.** With the database away look-ups are repeated for three seconds and then fail with
/// [trunkline.store.DatabaseUnavailable]; nobody is told "no such session" by mistake. When the
/// outcome of `open` is unknown the session may exist; nobody knows its id and the sweep ends it.
/// When the outcome of `end` is unknown, ending it again is harmless. An instance that dies takes
/// at most 10 s of touches with it.
///
/// It does not cache (an exact cache may take the place of the look-ups behind the same methods),
/// keeps no reference to sockets or streams' content, and knows nothing of HTTP.
@NullMarked
package trunkline.session;

import org.jspecify.annotations.NullMarked;
