/// A request while it is executed: its thread, what its handler stands on, how it is cancelled, and
/// how it ends.
///
/// ```
///   Calls.run ─▶ RunningCall ─ a virtual thread ─▶ Method.handle(HandlerContext, params)
///                  │                                        │ says, asks
///                  │                                   CallCarrier ─▶ CallGroup ─▶ the call's stream
///                  └─ answers ─▶ CallGroup ─▶ Turn: one JSON document, or a stream
///
///   Rounds.run ─▶ RunningRound ─ a virtual thread ─▶ the same Method, the same HandlerContext
///                  │                                        │ says, asks
///                  │                                   RoundCarrier ─▶ ResponseStream, Round
///                  └─ ends ─▶ ResponseStream: one JSON document, or a stream that nothing stores
///
///   RunningTasks ─▶ RunningTask ─ a virtual thread ─▶ the same Method, the same HandlerContext
///                  │                                   TaskCarrier ─▶ the session's stream, task_inputs
///                  └─ ends ─▶ Tasks
/// ```
///
/// [trunkline.protocol.run.Calls] is the face of this package to the gateway, and
/// [trunkline.protocol.run.Services] is what it needs of the layers below. Methods see a
/// [trunkline.protocol.run.CallContext].
///
/// ## What a handler stands on
///
/// `HandlerContext` is final: who asks (`Caller`), revision, services, and a `Carrier`. A carrier
/// is the way between a handler and its client, and all in which a call, a task and a request
/// without a session differ:
///
/// | | call | task | request without a session |
/// |---|---|---|---|
/// | sends | on its own stream, made for the first message | on the standalone stream of its session | on its response |
/// | asks | on that stream | by a row that a `tasks/result` puts on its own stream | by ending |
/// | waits for an answer | as long as the policy says | as long as the task is kept | never: its client sends it again |
/// | remembers its steps | in its row | in its row | in its `requestState` |
/// | can let its connection go | yes | it has none | no: that cancels it |
///
/// ## Calls
///
/// A call runs on a virtual thread of its own and answers JSON, unless it says something first or
/// takes longer than [trunkline.protocol.run.ProtocolPolicy]`.upgradeAfter`: then it becomes a
/// stream and has a row, from where it can be resumed, cancelled and taken over (`CallGroup`).
/// Until then nothing of it is stored, and it dies with its instance. A call that cannot become a
/// stream now, for whatever reason, stays as it is until it can, and is answered in JSON when its
/// handler is faster; only a handler that wants to speak is told. What a handler returned is never
/// thrown away while its client waits. While a stream is made nobody waits but its own calls.
///
/// A streamed call whose instance was lost or leaves is run again elsewhere if its method says so
/// (`Reruns`): on the same stream, with the session as it is now, as often as `call` allows. What
/// the former run had asked is not asked again, if it is asked in the same words and order: an
/// answer is there at once, an open question is waited for (`exchange`). Progress begins above what
/// was told (MCP 2025-11-25, Progress: it must increase); log messages may come again. What happens
/// outside may happen twice, which is why only such tools are run again; what must not is a step
/// that is done once (`Steps`), whose outcome is stored before the handler goes on, under the same
/// guard as the run's messages. A request that cannot run again stores no step. An instance that
/// leaves or loses touch hands on what was stopped by that: it writes nothing, voids no question,
/// and its handler's failure is no answer; a handler that ends well all the same is answered here.
///
/// A client that goes away does not end its call. A cancel does, from whichever instance it comes:
/// by the call's row, or by an announcement when there is none (`CallWatch`); the handler's thread
/// is interrupted and there is no response.
///
/// ## Requests without a session
///
/// Nothing of such a request is stored, and an ordinary one asks nothing of the database: it lives
/// as long as its connection (`Rounds`, `RunningRound`). It is answered in JSON, unless it says
/// something first or takes longer than the same patience; then its response is a stream without
/// event ids, and a comment every two seconds finds out whether its client is still there, because
/// to close the connection is how a client cancels.
///
/// **It asks by ending** ([trunkline.protocol.round]): the first question without an answer ends
/// the handler's run, to the handler a cancel, and its client sends the request again with the
/// answers, to whichever instance. There the handler runs from its beginning; what was answered in
/// former rounds, and what was done once, came along. A client that sends no state begins anew, so
/// a step that is done once is done once in the rounds of one request, and again when its client
/// gives up and asks anew.
///
/// When the instance leaves, a request that may be repeated is answered by its state alone, without
/// a question: its client sends it again, and another instance goes on with what was answered. One
/// that is lost with its instance is sent again by its client if that likes, as the protocol has
/// it.
///
/// ## Tasks
///
/// A call that runs as a task is answered with the task's id and goes on without connection or
/// stream. Its client meets it through [trunkline.protocol.run.TaskCalls], from whichever instance:
/// that asks `Tasks`, which asks the rows. A result that was dropped is fetched again; cancelling
/// is an update of the task's row, so it is final when it is answered. A stopped run that may be
/// repeated leaves its row as it is, for whoever takes it over.
///
/// In the stateless era the server decides: a call becomes a task at once, or where its handler
/// says so (`continueAsTask`). Then the round ends as one that asks does, by an exception to its
/// handler, and the task gets the round's `Recollection`.
///
/// ## Traces
///
/// Each `HandlerContext` has the `Operation` of its request, begun where it arrived, or where a
/// further run or a task begins; what is stored for those names it. It is current on the handler's
/// thread, and whoever answers ends it: a run that is left to another instance is told as such.
///
/// ## Limits
///
/// Calls are counted where they run, of a session (`RunningCalls`), or of a principal where there
/// is none (`Rounds`), and altogether (`CallRoom`); one too many is a JSON-RPC error and no HTTP
/// status. Streams of a session are counted in the cluster, by the statement that would add one:
/// who wants to speak is told, and an otherwise silent call stays without a stream and is answered
/// in JSON. A response that is too large becomes an error, a notification or question that is too
/// large is the handler's exception.
///
/// ## When things fail
///
/// - The database is away: a request waits (`Services.patiently`), and so does whatever its handler
///   asks of it, since clients give up after two quick failures. What is asked again is known by a
///   key (db/README.md, Writes that are repeated).
/// - This instance was declared dead: its streamed calls are left to whoever took them over. Where
///   nobody did, since the database was away for everybody, it takes them over itself.
/// - The session ends while a call runs: the call is cancelled, and what it still says is dropped.
///
/// ## What it does not do
///
/// It knows no method by name and no HTTP. It never asks a client on its standalone stream, only on
/// that of the call that wants to know.
@NullMarked
package trunkline.protocol.run;

import org.jspecify.annotations.NullMarked;
