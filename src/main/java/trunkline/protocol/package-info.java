/// MCP's gateway: which revision a message belongs to, whose session it is, and what the POST, GET
/// or DELETE that brought it leads to.
///
/// `http` hands in a body and the headers that MCP gives a meaning, through
/// [trunkline.protocol.Gateway], and gets a [trunkline.protocol.Reply] without status codes. Below
/// are four packages, each of which uses only those above it in this list:
///
/// - `wire`: what each revision spells,
/// - `listen`: what clients without a session hear of changes,
/// - `run`: a request while it is executed,
/// - `method`: what a request can ask for.
///
/// ```
///   bytes ─▶ Codec ─▶ Era: stateful? ─▶ session, living and of this principal?
///                                           ├─ notification ─▶ ClientNotices: cancel, progress, roots ─▶ Accepted
///                                           ├─ response     ─▶ Exchanges: whoever asked               ─▶ Accepted
///                                           └─ request      ─▶ run.Calls ─▶ a method                  ─▶ Answer or Streaming
/// ```
///
/// ## Eras
///
/// The era is decided by the body (`Era`), the header only has to agree: one that names no revision
/// is refused with whatever it comes, one that names another than the session's changes nothing. A
/// 2026-07-28 request is recognised, refused with `-32022` and the list of what is served.
/// [trunkline.protocol.StatefulGateway] serves the revisions that have sessions; the stateless era
/// will be a gateway beside it.
///
/// ## When things fail
///
/// - The database is away: a request waits, since clients give up after two quick failures.
/// - A request that belongs to no session is refused with a status that makes its client begin anew
///   (`Refusals`); every other problem of a request is a JSON-RPC error in a 200.
///
/// ## What it does not do
///
/// It knows no HTTP status, no socket and no SQL, and owns no table: it decides who below is asked.
@NullMarked
package trunkline.protocol;

import org.jspecify.annotations.NullMarked;
