/// Clients' conversations of the stateful revisions, the same for every instance.
///
/// **One row is the session.** A look-up is a statement that starts after the request arrived
/// (batched with everybody else's, [trunkline.store.Lane]), so what one instance committed before
/// it answered is what every other instance sees from then on. A session that is unknown, has
/// ended, has lived its time or belongs to another principal *does not exist*: one empty answer, no
/// way to tell which.
///
/// ```
///   open ──▶ living ──touch──▶ living        ended: DELETE, SQL, idle, lifetime over
///              │                              no way back; rows stay for `retention`,
///              └──────end──────▶ ended ──▶ forgotten   then a sweep removes them all
/// ```
///
/// **Remembered under a licence.** An instance that looks sessions up often remembers them
/// ([trunkline.session.SessionCache]), so that a request costs no statement, and what holds of
/// look-ups holds all the same: once a DELETE or a level was answered, no request that begins is
/// served by what was before.
///
/// ```
///   find     licence, then entry: both there ─▶ no statement
///            else look up, keep what was found ─ unless anything was heard since it was asked for
///   hear     forget the session ─▶ then `heard_through` in our row ─▶ ring whoever waits
///   listen   every 400 ms: where the log ends, by a statement that began at s;
///            all of it heard ─▶ licensed until s + 1 s (local monotonic clock)
///   change   commit (with its announcement) ─▶ forget it here ─▶ wait until each living instance that
///            remembers sessions has heard, 1.2 s after the commit at most ─▶ answer
/// ```
///
/// Who has not heard of a change by the time that it is answered began its last look before the
/// commit, and its licence is over; who has, forgot the session first, and does not keep what it
/// had asked for before. So neither a lost NOTIFY, nor a database that is out of its reach, nor a
/// frozen process makes it serve anybody late; they cost the change 0.4 s and 1.2 s. Every order of
/// these steps is explored by `HearingRulesTest`, which also finds what goes wrong without each
/// rule. A machine that stops the monotonic clock for longer than 0.2 s while it is paused can
/// serve that much too late.
///
/// It joins the hearers (`heard_through` is not 0) when eight look-ups come within a second, and
/// leaves when ten seconds of listening cost more than they save: idle instances execute nothing,
/// and nobody waits for them. What is unused for ten seconds is forgotten, and every entry after a
/// minute, or when the session has lived its time as the database's clock had it at the look-up.
/// Everything is, when the licence runs out, when announcements may have been missed, with another
/// number of the instance, when another server is the primary. 10,000 sessions and a 32nd of the
/// heap are the limit.
///
/// A DELETE and a level wait; ends by SQL, by a purge or by the sweep do not: they hold everywhere
/// within milliseconds, or 0.4 s without NOTIFY. What the sweep ends was not used for a minute or
/// longer, so nobody remembers it. A release that does not wait says so by its row (`hears`), and
/// while such an instance lives nobody is licensed: a rolling upgrade is exact, and gets fast when
/// its last instance has gone. In the first second of one that is started *later* beside instances
/// that remember, its DELETE may be that much ahead of them.
///
/// **Whoever adds to a session holds its row.** Streams, calls, subscriptions and values are
/// inserted by a statement that selects the session `FOR KEY SHARE` and re-checks that it lives;
/// whoever ends it takes `FOR UPDATE` first. One of the two comes first, in either order: nothing
/// is born into a session that has ended. A foreign key would not do (it does not conflict with an
/// update of `ended_at`).
///
/// **Opening** is one statement for all who ask at a time ([trunkline.session.OpeningRows]); it
/// takes the locks of principals in one order, and where one is in the way each goes alone.
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
/// to the version. Nobody is woken by that and no process remembers roots: who wants them reads the
/// row, and whoever reads it after the notice was answered asks anew. So a lost NOTIFY is of no
/// importance here, and calls that want no roots pay nothing.
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
/// It keeps no reference to sockets or streams' content, and knows nothing of HTTP.
@NullMarked
package trunkline.session;

import org.jspecify.annotations.NullMarked;
