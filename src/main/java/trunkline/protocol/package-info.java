/// MCP's gateway: which revision a message belongs to, whose session it is, and what the POST, GET
/// or DELETE that brought it leads to.
///
/// `http` hands in a body and the headers that MCP gives a meaning, through
/// [trunkline.protocol.Gateway], and gets a [trunkline.protocol.Reply] without status codes. Below
/// are six packages, each of which uses only those above it in this list:
///
/// - `wire`: what each revision spells,
/// - `listen`: what clients without a session hear of changes,
/// - `around`: what stands around handlers,
/// - `round`: what a request that asks by ending takes from one round to the next,
/// - `run`: a request while it is executed,
/// - `method`: what a request can ask for.
///
/// ```
///   bytes ─▶ Codec ─▶ Era ─┬─ stateful ─▶ session, living and of this principal?
///             (TwoEras)    │                 ├─ notification ─▶ ClientNotices: cancel, progress, roots ─▶ Accepted
///                          │                 ├─ response     ─▶ Exchanges: whoever asked               ─▶ Accepted
///                          │                 └─ request      ─▶ run.Calls ─▶ a method                  ─▶ Answer or Streaming
///                          └─ stateless ─▶ headers mirror the body? ─▶ run.Rounds ─▶ a method          ─▶ Answer or Streaming
/// ```
///
/// ## Eras
///
/// The era is decided by the body (`Era`), the header only has to agree. Both are served on one
/// endpoint by one set of methods, and no handler knows which.
///
/// - **Stateful** (`StatefulGateway`): `initialize` opens a session, and what belongs to one is
///   about it. A header that names no revision is refused with whatever it comes, one that names
///   another than the session's changes nothing.
/// - **Stateless** (`StatelessGateway`, 2026-07-28): each request says in its `_meta` which
///   revision it is written in and what its client can do (`wire.Envelope`), and repeats in its
///   headers what others may want to route by (`MirroredHeaders`). It is checked in this order:
///   envelope, revision, method and name, whether there is such a method, the extension that it
///   needs, mirrored arguments; what fails there has a status of its own, what a handler says is a
///   JSON-RPC error in a 200. A session id or an event id that comes along is ignored.
///
/// A client that does not know the server asks `server/discover`, which lists the revisions of both
/// eras; one that gets no answer that it understands sends `initialize`, and may do so after an
/// answer as well. All instances give the same verdict, since nothing of it is in a table.
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
