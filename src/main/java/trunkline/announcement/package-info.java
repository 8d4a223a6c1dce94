/// What every instance must hear, in one order: changed lists, updated resources, broadcasts,
/// changed sessions, cancels of calls that have no row.
///
/// **One row each, however many sessions.** `announcements` is a log; its ids are drawn while one
/// lock row (`announcement_lock`) is held until the commit is visible, so whoever sees an
/// announcement sees every earlier one, and "greater than my cursor" never skips one that commits
/// late. The lock row is only locked, never updated. All of this instance's announcements go
/// through one lane and share its statement.
///
/// **Written once.** Each announcement carries (writer, batch, ord) from its first attempt on; a
/// retry after an unknown outcome inserts only what is not there and reads the other ids back.
///
/// ```
///   announce ─▶ lane ─▶ log ─commit─▶ NOTIFY trunkline_all     (a hint: every instance polls as well)
///   SQL ─▶ outbox ─commit─▶ any instance moves it on ─▶ log         │
///                                                                   ▼
///   follower ◀─buffer of bytes, by cursor── one read per instance: WHERE id > head ORDER BY id
/// ```
///
/// **Read once, followed by cursor.** An instance reads the log into a bounded buffer, asks *after*
/// that who is subscribed to the updated resources, and rings its followers. A follower asks for
/// what comes after its own cursor: from the buffer, or, when it is further behind, from the log
/// joined with its subscriptions up to the buffer's head. There is nothing to register and so
/// nothing to miss. A session starts at the highest announcement visible to the statement that
/// opened it.
///
/// **Listeners** (`on`) have no cursor: switches, watchers of calls, clients without a session.
/// They hear each announcement in order, on the reader's thread, while the instance is up, and
/// `onGap` says when they may have missed some: after a start or `restart`, when the log was
/// trimmed past what was read or put back, when a row of a known kind could not be read. It is told
/// after the log was looked at: whatever is not heard from then on is in the database already.
///
/// **Of one principal.** A changed list may be that of one principal alone; then the announcement
/// is about its name, and the reader asks, as for subscribers, which living sessions are that
/// one's. A release that does not know it tells every session, which does no harm.
///
/// **Trimming** goes by age and never removes the newest row, so that `max(id)` keeps its meaning.
/// The floor rises in the same statement, and is read in the statement that reads the log: a cursor
/// below it is told of a gap. Rows that no client was to see leave no gap.
///
/// **A restored database** gets a row of a kind that nobody hears, `database_restored`, and the
/// floor at it: every cursor is below and is told of a gap, every new session starts at it.
///
/// **One bad row alone.** Ids above the last one drawn were made by nobody: such rows are not read,
/// and what is trimmed, asked for as the newest or given to a new session never is one of them. A
/// row whose payload is too big, has a line break or is empty, or whose subject or kind cannot be
/// read, is passed over. Each is named once (`AnnouncementSkipped`) and counted. Constraints keep
/// such rows out of the table, except those that are older, so whoever reads checks again. The
/// outbox is checked where its rows are moved on: what cannot be sent is removed, named
/// (`OutboxRowRefused`) and counted.
///
/// **A log that was put back** (a restored or swapped database, deleted rows) ends below what an
/// instance has read. It sees that in the same statement as the entries, says so
/// (`AnnouncementsRewound`), forgets its buffer and goes on at the end. A follower whose cursor is
/// above the end is told of a gap, as below the floor; but another instance may just have read
/// further, so only after a look that began later than its question. An instance that registers
/// anew starts over.
///
/// **Cancels** of calls without a row are announced once in five seconds for a call, twenty times
/// in ten seconds for a session in the whole cluster, and a call has one row at most: a client may
/// name calls that nobody runs. What is over is ignored, as MCP allows, and counted as a limit.
///
/// **SQL callers** insert into `outbox` within their own transaction, which so takes no lock of
/// ours however long it stays open. After its commit one instance at a time moves the rows on, the
/// deletion and what it leads to in one transaction: exactly once. The holder of the baton looks
/// four times a second, since nobody rings for it; the others rest while the look around sees for
/// them. Rows of one transaction keep their order; between transactions, as they are moved. A
/// message for a session that is gone is dropped and counted. A stream that somebody keeps locked
/// makes only its own messages wait.
///
/// **Failure.** NOTIFY lost: the next poll. The database away: announcing is repeated for ten
/// seconds, reading for ever. The instance dies: its cursor was in memory only, the next one starts
/// at the newest row, its followers' cursors are with their clients and streams. An instance that
/// slept past the retention is told by the floor, emits `AnnouncementsMissed` and tells its
/// followers of the gap.
///
/// It does not order announcements against a session's own messages, does not know which revision a
/// client speaks, and delivers no cancel, drain or migration that a row and a directed wake-up can.
@NullMarked
package trunkline.announcement;

import org.jspecify.annotations.NullMarked;
