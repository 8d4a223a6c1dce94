/// The server asks, the client answers: elicitation, sampling, roots, ping.
///
/// A call that runs on one instance puts its question on its own stream; the client sends the
/// answer in a POST that may land on any instance; the call goes on where it waits.
///
/// ```
///   asker (A)  ── question + row, one statement ──▶ stream ──▶ client
///      │ waits                                                   │ POST, lands on C
///      ◀──────── ring ──── commit ◀── UPDATE outcome = 'answered' ┘
/// ```
///
/// **The row and the message are one statement** (in `stream`), so an answer can never arrive for a
/// row that is not there yet, however fast the client is and wherever its POST lands.
///
/// **One guarded outcome.** `outcome` is written once, by whoever comes first: *answered* by the
/// client, *expired* by the asker at its deadline, *cancelled* when the call is cancelled, *session
/// ended* by the end of the session, *abandoned* by the sweep when the asker is dead. Whoever
/// updates no row reads the winner. So an answer and a time-out never both win, and a second answer
/// changes nothing.
///
/// **Only the session that was asked may answer.** The session's key is part of the guard; an
/// answer from elsewhere, a late one or one to a question nobody asked is dropped and still a 202:
/// clients exist that take a 400 for the end of their session.
///
/// **A task's question is passed on.** A task has no stream; whoever waits for its result puts the
/// question on a stream of its own, as often as somebody waits, and does not wait for the answer.
/// Such a row names the task's input, outlives the instance that passed it on, and its answer rings
/// everybody, because whoever runs the task may have changed.
///
/// **Asked once, answered once, though the call runs twice.** A run that follows another looks for
/// its k-th question among those of the stream (`FormerQuestionRows`). The same words: an answer is
/// taken from the row, an open question gets this asker and a new deadline, under the row's lock,
/// so that an answer finds the one or the other. Other words: the old question is void and its
/// client told. So the sweep leaves the questions of a lost asker alone until its stream has ended,
/// and answers are kept as long. Who was fenced settles nothing any more: outcomes are guarded by
/// the asker too.
///
/// **No hang.** The asker's deadline is its own monotonic patience; it needs no sweep. A deadline
/// that falls into an outage is put to the row when the database is back, or has passed without it
/// a minute later; what a question could not be told then, it is told by the next poll. If no ring
/// arrives, the asker's loop finds the outcome at the next poll. When the asker dies, its call ends
/// with the stream's rules for orphans, and the sweep closes the row.
///
/// **Taken back for certain.** A call that is cancelled while its question is being published waits
/// until that is known, and then settles it: no question stays open that nobody asks any more.
///
/// **Progress.** A handler that wants to know how far the client is sets the question's own id as
/// token; what the client reports goes the way of its answer: to any instance, into the row
/// (guarded by session, open outcome and a greater number), with a ring to the asker, who also
/// finds it by polling. It is told on the thread that waits for the answer, so a slow listener
/// holds up nobody else, and gets the newest of what came meanwhile. A report starts the patience
/// anew only up to a limit that the handler names; the row's deadline is that limit from the start,
/// so that no report has to move it. Questions without a listener cost no statement more.
///
/// **One trace.** The row names the question's span, so that the answer is told as its child by
/// whichever instance takes it.
///
/// **A limit.** A session's client may owe each instance so many answers; one more is not asked. It
/// is counted in the process that asks, so it costs no statement.
///
/// ## Web pages
///
/// Elicitation by URL sends the user away from the client; that the user is done is said by the
/// page, to any instance or by SQL, long after the client's answer.
///
/// ```
///   handler (A) ── row, then question ──▶ client ──▶ user ──▶ page ── complete_elicitation(id, user)
///      │ waits, by polling if it must                                       │ one transaction:
///      ◀── ring 'a0' ── outbox moved on ── COMMIT ◀── completed_at + outbox ┘
///                            └──▶ standalone stream of the session that asked, and of no other
/// ```
///
/// **Exactly once.** `completed_at` is written once, guarded; the notification lies in `outbox`
/// from the same commit on, and is moved to the stream once. A completion that was acknowledged is
/// told although the instance that took it dies.
///
/// **Only the user who was asked.** An address can be sent on, so the row names the principal of
/// the session that asked, and the page names the user it has authenticated. The address itself
/// lets nobody in, holds no credentials (checked), and is not stored.
///
/// **No hang.** A handler waits as long as it says, and no longer than until the elicitation
/// expires or its session ends. It reads without a lock, so no page's open transaction holds it up.
/// What a declined or dead call leaves behind expires after an hour.
///
/// **What it does not do.** It never asks for what the client did not declare: that is checked
/// before, in `protocol`.
@NullMarked
package trunkline.exchange;

import org.jspecify.annotations.NullMarked;
