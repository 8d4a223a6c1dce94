/// MCP itself: which revision a message belongs to, what its methods do, how a call runs.
///
/// `http` hands in a body and the headers that MCP gives a meaning, through
/// [trunkline.protocol.Gateway], and gets a [trunkline.protocol.Reply] without status codes. Below
/// are sessions, streams and exchanges; this package decides who of them is asked, and owns no
/// table.
///
/// ```
///   bytes ─▶ Codec ─▶ Era: stateful? ─▶ session, living and of this principal?
///                                           ├─ notification ─▶ cancel, progress, or nothing ─▶ Accepted
///                                           ├─ response     ─▶ Exchanges: whoever asked     ─▶ Accepted
///                                           └─ request      ─▶ RunningCall ─▶ Method        ─▶ Answer or Streaming
/// ```
///
/// ## Revisions
///
/// [trunkline.protocol.Revision] is decided once per request and is a value from there on: each
/// difference between revisions is one named method of it, and `Listing`, `Rendering` and `Forms`
/// take away what a revision lacks. The era is decided by the body (`Era`), the header only has to
/// agree: one that names no revision is refused with whatever it comes, one that names another than
/// the session's changes nothing. A 2026-07-28 request is recognised, refused with `-32022` and the
/// list of what is served.
///
/// ## Methods
///
/// A [trunkline.protocol.Method] is a function of catalog, revision, context and params; it holds
/// no state, so any instance can run it, and run it again. A method and the capability that
/// declares it come together (`Methods`): nothing is served that was not declared.
///
/// | what fails | what the client gets |
/// |---|---|
/// | unknown method | `-32601` |
/// | unknown tool or prompt, bad cursor, bad level, missing argument | `-32602` |
/// | wrong arguments of a tool | `isError` since 2025-11-25, `-32602` before |
/// | a page must be opened first | `-32042` with the pages; in words for clients that open none |
/// | a tool throws | `isError`; the text only of exceptions that are meant to be read |
/// | a resource that is not there | `-32002` with its URI (`-32602` when stateless) |
/// | another handler throws | `-32603`; same rule for the text |
///
/// ## Calls
///
/// A call runs on a virtual thread of its own and answers JSON, unless it says something first or
/// takes longer than [trunkline.protocol.ProtocolPolicy]`.upgradeAfter`: then it becomes a stream
/// and has a row, from where it can be resumed, cancelled and taken over (`CallGroup`). Until then
/// nothing of it is stored, and it dies with its instance.
///
/// A client that goes away does not end its call. A cancel does, from whichever instance it comes:
/// by the call's row, or by an announcement when there is none (`CallWatch`); the handler's thread
/// is interrupted and there is no response.
///
/// ## Limits
///
/// Calls are counted where they run, of a session and altogether (`RunningCalls`); one too many is
/// a JSON-RPC error and no HTTP status. Streams of a session are counted in the cluster, by the
/// statement that would add one: who wants to speak is told, and an otherwise silent call stays
/// without a stream and is answered in JSON. A response that is too large becomes an error, a
/// notification or question that is too large is the handler's exception.
///
/// A call that runs as a task (`RunningTask`) is answered with the task's id and goes on without
/// connection or stream: what it says goes to the standalone stream of its session, what it asks
/// waits until a `tasks/result`, here or elsewhere, puts it on its own stream. It shares with other
/// calls what a session offers a handler (`SessionContext`). A result that was dropped is fetched
/// again; cancelling is an update of the task's row, so it is final when it is answered.
///
/// ## When things fail
///
/// - The database is away: a request waits (`OutagePatience`), since clients give up after two
///   quick failures.
/// - This instance was declared dead: its streamed calls are left to whoever took them over.
/// - The session ends while a call runs: the call is cancelled, and what it still says is dropped.
///
/// ## What it does not do
///
/// It knows no HTTP status, no socket and no SQL. It never asks a client on its standalone stream,
/// only on that of the call that wants to know.
@NullMarked
package trunkline.protocol;

import org.jspecify.annotations.NullMarked;
