/// HTTP: the one place that knows status codes, headers, sockets and how long to wait for them.
///
/// ```
///   connection thread ─▶ RootHandler ─▶ FramingGuard ─▶ OriginGuard ─▶ Authenticator ─▶ McpEndpoint
///                              │                                                           │ one call
///         Ticker (one thread) ─┤ SocketDeadline: reads and writes end in time              ▼
///                              │                                              protocol.Gateway
///                              └─ SseOutlet ◀── Feed runs here ◀── Replies ◀── protocol.Reply
/// ```
///
/// **Promises.** Bad input is a 4xx with a JSON-RPC error, never a 5xx, a stack trace or a hang. A
/// defect of ours is a 500 with a number that stands in the log as well. `Trunkline-Instance` is on
/// every answer. A client that vanished is noticed within one keep-alive interval, when its machine
/// says so (a reset) or, on Linux, falls silent: TCP then waits for an acknowledgement for a third
/// of the interval only ([trunkline.http.UnacknowledgedLimit]). Elsewhere such a machine is noticed
/// when TCP gives up. A client that stopped reading costs one frame buffer and one blocked virtual
/// thread until its write time-out or, on Linux, until its window was closed for that third, and
/// delays nobody.
///
/// **Who writes.** A connection's own virtual thread, and nobody else. The ticker rings a stream
/// that was quiet (its thread then writes a comment or its cursor) and interrupts a thread that
/// hangs in its socket: on a virtual thread that closes the socket, which is what we want there and
/// nowhere else, so it happens only while a [trunkline.http.SocketDeadline] is armed.
///
/// **Order of refusals.** Framing 400, host 421, origin 403, credentials 401 or 403, method 405,
/// content type 415, `Accept` 406, size 413; then the protocol. A refusal that leaves a body unread
/// closes the connection after reading on for a moment, because a reset would overtake the answer.
///
/// **Who is asking.** Anonymous unless an [trunkline.http.Authenticator] is configured; then nobody
/// is anonymous any more. `/observe` is not guarded: bind or firewall it as you would any
/// monitoring port; it names neither sessions nor principals.
///
/// **What Helidon does and what we undo.** Its read time-out bounds idle connections; its idle
/// check is off, because it would condemn the connection of a long stream. Its write queue is off:
/// writing blocks, back-pressure is TCP. It announces `Connection: close` but leaves the closing to
/// the client; we close. Its stop would cut connections on which a request is just arriving; with
/// [trunkline.http.OpenConnections] they outlive the listening socket, and each answer is then the
/// connection's last. It speaks HTTP/1.1 only (1.0 gets a 426): a balancer's health check has to
/// say 1.1 and send a `Host`.
///
/// **Not here.** TLS (a balancer or a later release), HTTP/2, compression (an event stream must not
/// be held back), cookies, anything that remembers a client between two requests.
@NullMarked
package trunkline.http;

import org.jspecify.annotations.NullMarked;
