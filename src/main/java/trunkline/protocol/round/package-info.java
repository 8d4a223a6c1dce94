/// One round of a request that asks by ending (MCP 2026-07-28, Multi Round-Trip Requests), apart
/// from its execution: nothing here knows a thread, a handler or a method.
///
/// ```
///   requestState ─▶ SealedState.open ─▶ Recollection ─┐
///   inputResponses ─▶ InputResponses ─────────────────┴▶ Round ─ asked by a handler ─▶ an answer, or InputRequired
///   requestState ◀─ SealedState.seal ◀─ Recollection ◀─────┘
///
///   what the handler says on the way, and its end ─▶ ResponseStream ─▶ the connection
/// ```
///
/// **A round remembers nothing here.** What was asked, answered and done once goes to the client,
/// sealed for this request of this principal, and comes back with the answers, to whichever
/// instance. A state that was changed, is another request's or too old is an error; a request
/// without one begins anew.
///
/// **A question** ([trunkline.protocol.round.Posed]) is known by its name, or by its place among
/// the questions, once in a run; in each round it has to be asked in the same words, by digest. An
/// answer is taken with whatever state comes along: it is the client's word either way, and is
/// checked for its shape. Others that come along are ignored.
///
/// **Bounds**: fifty rounds, 256 KiB of recollection, 256 KiB that wait for a client that reads
/// slowly; as long as `--request-timeout` between two rounds, by the database's clock.
///
/// **When things fail.** The database is away: sealing and opening ask nothing of it, see `seal`.
/// The instance dies: the client sends its request again, with the state that it has. The same
/// retry comes twice: it runs twice, each from the same state; what must not happen twice has to be
/// told apart by a key that a step done once remembers.
///
/// A task takes the recollection of the call that it continues along.
@NullMarked
package trunkline.protocol.round;

import org.jspecify.annotations.NullMarked;
