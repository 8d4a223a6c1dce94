/// Calls that run as tasks, at their clients' wish (MCP 2025-11-25, Tasks) or at the server's
/// choice (MCP 2026-07-28, the extension Tasks): the client gets an id at once, goes away, and
/// comes back for status, questions and result, to whichever instance.
///
/// ```
///   tools/call + task ──▶ row, committed ──▶ id          the executor runs the handler
///   tasks/get      ─▶ the row                            on whichever instance
///   tasks/cancel   ─▶ UPDATE, guarded ─── ring ─▶ executor is interrupted
///   tasks/update   ─▶ task_inputs ────── ring ─▶ executor goes on          (2026-07-28)
///   tasks/result   ─▶ waits for the row to change ◀─ ring ─ executor ends it, or asks  (2025-11-25)
/// ```
///
/// **The row is the task.** It is committed before its id leaves the server, and everything that
/// changes is a guarded UPDATE of it: a task ends once, a cancelled one stays cancelled whatever
/// its handler still does. Each change counts `changes` up; whoever waits compares that, so a lost
/// or repeated ring means nothing. Rings go to every instance: tasks change seldom, and nobody has
/// to know who waits.
///
/// **One table for both eras.** A task is its principal's, who sees it in either, spelled in the
/// words of the request ([trunkline.task.TaskOrigin] says whose call it was). What a session says
/// of its client, the row of a task without a session says itself: a re-run asks for nothing else.
/// Such a row cannot be run by the release before; a trigger makes its take-over pass the row over,
/// so the row waits for an instance that can (V096). That release shows, cancels and removes it
/// like any other.
///
/// **Limits.** Unfinished tasks are counted: of a session, or of a principal without one. Without
/// authentication all clients are one principal, and share its number: rows of a database must have
/// a bound that no stranger can move. An instance runs no more than it may, and what has ended
/// stays for its `ttl` at most.
///
/// **One run may write it.** A run is (executor, run); taking a task over makes the former one's
/// writes find no row. What counts is how many runs have *begun*, which each does by a statement
/// before its handler: taking over may be repeated, and whoever takes over may die, at no cost. A
/// task of an instance that died or left is run if it never began, and run again, once, if its tool
/// says that this is harmless; answers that its client gave are fed back in the order of the
/// questions. Otherwise it has failed with `executor_lost`. The same happens to what an instance
/// does not run although the row says so: its start or its end was lost on the way to or from the
/// database. Only an instance whose lease holds takes over, no more than it may run, and none that
/// is about to leave: the one run that is left is not for those.
///
/// **What was done once** stands in the task's row, by name; only the latest run adds to it, and
/// what is there stays. A call that became a task on its way brings what it had asked and done; its
/// handler runs from the beginning and finds it.
///
/// **Questions have no stream of their own.** A task asks by a row of `task_inputs` and becomes
/// `input_required`. A client of 2026-07-28 finds them all in `tasks/get`, under names that are
/// never used again, and answers some or all by `tasks/update`: stored in one transaction with the
/// status, so that whoever looks next finds them gone. What it answers while nobody runs the task
/// is there for the next run. In 2025-11-25 each call of `tasks/result`, on whichever instance and
/// in whichever session of the same principal, puts what is open on *its own* stream as a question
/// of `exchange` that names the input; the answer is taken there like any other, and the executor
/// fetches it from there. So a `tasks/result` that is dropped and repeated asks again, the instance
/// that passed a question on may die, the first answer counts, and what was asked twice is
/// withdrawn.
///
/// **Progress, log messages and news of the status** go to the standalone stream of the session
/// that asked for the task, and end with it; without a session there are none, but whoever listens
/// to a task on an instance is told how it stands after each change. The task does not end: it
/// belongs to the principal, and what a session is asked to remember is gone when it ends.
///
/// **Time.** A task is kept for its `ttl` from its creation by the database's clock, then it does
/// not exist for anybody and the sweep removes it; a handler that still runs is interrupted. A
/// question stays open as long as its task, unless the handler says otherwise.
///
/// **Cost.** Nothing when there are no tasks. Otherwise one statement to create, one to begin, one
/// to end, one for each look of a client, and one look of an instance per ring for all it runs and
/// waits for.
///
/// **What it does not do.** It knows no JSON of the protocol and runs no handler: `protocol` does.
/// Without authentication whoever has the id has the task, and there is no list (MCP 2025-11-25,
/// Tasks, Security): every client is the same principal then.
@NullMarked
package trunkline.task;

import org.jspecify.annotations.NullMarked;
