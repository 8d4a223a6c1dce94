/// HTTP: the one place that knows status codes, headers, sockets and how long to wait for them.
///
/// ```
///   socket ─▶ Arrival (time) ─▶ RequestReader (bytes) ─▶ Helidon's parser
///                                                           ▼
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
/// of the interval only ([trunkline.socket.UnacknowledgedLimit]). Elsewhere such a machine is
/// noticed when TCP gives up. A client that stopped reading costs one frame buffer and one blocked
/// virtual thread until its write time-out or, on Linux, until its window was closed for that
/// third, and delays nobody.
///
/// **Who writes.** A connection's own virtual thread, and nobody else. The ticker rings a stream
/// that was quiet (its thread then writes a comment or its cursor) and interrupts a thread that
/// hangs in its socket: on a virtual thread that closes the socket, which is what we want there and
/// nowhere else, so it happens only while a [trunkline.http.SocketDeadline] is armed.
///
/// **Bytes of strangers.** Everything that a client may send without end has a bound, in bytes and
/// in time, before anybody asks who it is; what exceeds it is answered where the client still
/// sends, and its connection closed:
///
/// | part | bytes | time | answer |
/// |---|---|---|---|
/// | TLS handshake | 256 KiB | 30 s | none; HTTP without TLS gets a 400 |
/// | nothing, at first or between requests | | 75 s | none |
/// | request line | 4 KiB | 30 s with the headers | 414, 408 |
/// | headers | 16 KiB together | from the first byte on | 431, 408 |
/// | line before a chunk | 8 digits; no extension | with the body | 400 |
/// | line after the last chunk | empty; no trailer | with the body | 400 |
/// | body | `--body-bytes-max` | 30 s, and 1 s for each 16 KiB that came | 413, 408 |
/// | body with the frames of its chunks | twice that and 64 KiB | with the body | 413 |
/// | what follows while a request is served | the socket's buffer, and 8 KiB | | TCP holds it back |
/// | what follows a refusal | twice the body and 64 KiB, dropped | 2 s | closed |
///
/// [trunkline.http.Arrival] reads the socket and knows the time, [trunkline.http.RequestReader]
/// stands where Helidon's parser gathers a line however long, and looks at what it would skip;
/// [trunkline.http.OpenConnections] puts both into each connection. A request in one piece costs a
/// look at the clock; a stream that is written to is not read, and has no limit of these.
///
/// **Memory.** All of it together holds `--memory-share` of the heap at most ([trunkline.memory]):
/// a body takes its bytes as they come, and what its tree will weigh before it is parsed
/// ([trunkline.memory.JsonWeight]); results and pages are noted until they are written. Beyond that
/// a request waits for 2 s, then gets a 503 with `Retry-After`; one that alone would need more, a
/// 413. A client whose network is slow while it holds much for more than 3 s, and others wait, is
/// cut. GET streams and listens (2026-07-28) cost a stack and buffers each, so there are no more
/// than two fifths of the heap bear ([trunkline.http.OpenStreams]): 3,700 with 128 MB, 30,000 with
/// 1 GB, less than half of that with TLS; one more is a 503. A GET's stream goes on when the stack
/// of its request is gone ([trunkline.http.LongAnswer]), and without the buffer that nothing is
/// read into ([trunkline.http.ReadBuffer]).
///
/// **Turns.** Virtual threads are not interrupted while they work, so whoever reads, weighs or
/// parses megabytes lets the others go on now and then ([trunkline.telemetry.Turn]).
///
/// **Framing.** Where two readers could see different ends of a request it is refused, and its
/// connection closed with nothing of it read any more ([trunkline.http.FramingGuard]): both length
/// and chunks, two lengths, another coding than `chunked`, folded lines, line feeds or carriage
/// returns alone, spaces before a colon, sizes with signs or `0x`, anything but a line's end after
/// a chunk. `FramingFaults`, among the tests, is the table.
///
/// **Order of refusals.** Framing 400, host 421, origin 403, credentials 401 or 403 (a second
/// `Authorization` 400), toolset 404, method 405, content type or coding 415, `Accept` 406 (only
/// where neither JSON nor events are taken, or where what takes JSON only asks its client), size
/// 413; then the protocol. A refusal that leaves a body unread closes the connection after reading
/// on for a moment, because a reset would overtake the answer.
///
/// **Paths.** MCP is at `/mcp`, its toolsets below it ([trunkline.http.McpEndpoint]): a path that
/// is no toolset's is a 404 after the credentials, and names none.
///
/// **Who is asking.** Anonymous unless an [trunkline.access.Authenticator] is configured; then
/// nobody is anonymous any more. It is asked before the body is read, for each request of each
/// method. No or wrong credentials are a 401 whose `WWW-Authenticate` says how to get better ones,
/// good ones that lack a scope a 403 that names all that are needed, and a judge that cannot be
/// reached a 503. Where tokens are to be had stands at `/.well-known/oauth-protected-resource`
/// ([trunkline.http.PublicDocuments]), for everybody and every page: neither `Host` nor `Origin` is
/// checked there. A stream lasts no longer than what let its client in: that is asked again twice a
/// second, of whatever kind it is, and where it is over the stream ends properly and without a
/// `retry` ([trunkline.http.Standings]); what was stored for it waits for good credentials, and
/// what was not answered yet is a 401. Pages for people ([trunkline.http.Pages]) have the guards of
/// `Host` and `Origin` and say themselves who may look; nothing inline runs in them. `/observe` is
/// not guarded: give it a port of its own ([trunkline.http.Management]) or keep it inside as you
/// would any monitoring port; it names neither sessions nor principals. On its own port it answers
/// until the server has left. Liveness says which threads hang ([trunkline.telemetry.Pulse]); what
/// ends with an [Error] ends the process instead, unless it is a request's own thread, which
/// answers 500.
///
/// **What Helidon does and what we undo.** Its read time-out is set on no socket (4.3), so
/// [trunkline.http.Arrival] ends idle connections; its idle check is off, because it would condemn
/// the connection of a long stream. Its write queue is off: writing blocks, back-pressure is TCP.
/// It announces `Connection: close` but leaves the closing to the client; we close. Its stop would
/// cut connections on which a request is just arriving; with [trunkline.http.OpenConnections] they
/// outlive the listening socket, and each answer is then the connection's last. It would drop those
/// that were let in and not handed on yet; [trunkline.http.ListenerClosing] sees to it that there
/// are none: on Linux whoever got a connection gets an answer, and who comes in the milliseconds
/// that this takes is refused a second later. It speaks HTTP/1.1 only (1.0 gets a 426): a
/// balancer's health check has to say 1.1 and send a `Host`.
///
/// **TLS** ([trunkline.tls]) lies between the socket and everything here, and loosens nothing of
/// it. A read or a write that hangs in it hangs in the socket below, so an interrupt closes that.
/// TCP's own limit is set on the listening socket, which is an ordinary one. What TLS adds has
/// bounds too: the handshake ([trunkline.http.Handshakes]), messages of its own without data
/// (waiting for a request ends in its time whatever comes) and the goodbye, which is a write.
///
/// **HTTP/2 is not spoken**, because these guards do not hold there. Helidon 4.3
/// (`Http2Connection`) has one thread that reads the connection, and one for each request. What a
/// request's thread waits for is mostly no socket but a client's window or the next piece of a
/// body, where an interrupt closes nothing ([trunkline.http.SocketDeadline]); where it does hang in
/// the socket, closing that ends the requests of all others. Nobody is told where a head or a body
/// begins, so [trunkline.http.Arrival] could give neither its time, nor
/// [trunkline.http.RequestReader] its length, and the reading thread waits for a request that does
/// not take its body, with it all others. One connection would carry a hundred requests where the
/// memory of one is noted. A balancer that speaks HTTP/2 to clients speaks 1.1 to us.
///
/// **Not here.** HTTP/2, compression (an event stream must not be held back), cookies, anything
/// that remembers a client between two requests.
@NullMarked
package trunkline.http;

import org.jspecify.annotations.NullMarked;
