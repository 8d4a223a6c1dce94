/// What clients did, and what they were denied, on record: who, what, when, how long, how it ended,
/// where. Never what they said.
///
/// ```
///   AuditedGateway ──begin──▶ Deeds ──take──▶ a call, a round, a task's run ──end──▶ AuditTrail
///        └──────── end of what nobody has taken: refused, answered at once ────────────▲
///   AuditTrail ──▶ Backlog (bounded) ──▶ AuditWriter (one thread) ──▶ audit_records, in slots
///          └─────▶ Tally: refusals that anybody may cause, a record a minute and kind
/// ```
///
/// **One record an end.** A [trunkline.audit.Deed] begins where a request comes in and ends once,
/// with whoever knows how: the call that sends its answer, or the gateway for what was refused
/// before it ran. A run that is left to another instance ends `handed on`; the next run has a
/// record of its own with its number. So a call whose instance is killed has no record of that run,
/// and one of the next, if it may run again.
///
/// **What is lost.** With `on` a record is written within half a second, off the call's path; what
/// an instance had not written is lost when it is killed: the latest half second of a database that
/// answers, never more than the backlog holds, and no other than the latest, because records are
/// written in the order of their numbers. With `strict` the answer waits for the commit, and is
/// withheld when there is none in five seconds; while the record cannot be written nothing that is
/// to be recorded begins. Counted refusals may be a minute old; nobody waits for them.
///
/// **Once.** A batch whose answer was lost is sent again. The statement locks the writer's row in
/// `audit_writers` first and passes over what is not above `written_through`, so it is harmless
/// twice, also while the first attempt still runs, and whichever slot is written meanwhile.
///
/// **Bounded.** At most 10,000 records and 8 million characters wait; then the oldest are dropped,
/// counted, and a record `not recorded` says how many. The writer is one thread and so one
/// connection: a table that somebody locks delays the record and nothing else.
///
/// **Which clock.** The database's: a record says how long ago it ended, by the local monotonic
/// clock, and the statement subtracts.
///
/// **Digest.** Arguments are recorded as HMAC-SHA-256 of their canonical JSON under one key of the
/// cluster ([trunkline.audit.ArgumentDigest]). A plain digest of a guessable argument can be
/// guessed. Auditors cannot read the key; the owner can ask `trunkline.audit_digest`.
///
/// **Kept** by slots as messages are, but with a promise in each slot (`audit_slots.kept_for`): the
/// longest that one of its writers gave. The holder of the baton empties what is due, also where
/// nothing is recorded any more.
@NullMarked
package trunkline.audit;

import org.jspecify.annotations.NullMarked;
