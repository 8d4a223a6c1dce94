/// One client over the standard streams: `./trunkline serve --stdio`, started by the client itself
/// (MCP, Transports, stdio). The third way to the core beside HTTP and SQL, and as thin:
///
/// ```
///   stdin ─▶ Lines ─▶ StdioServer ─▶ Gateway.post   each request on a thread of its own
///                        │                 │
///                        │                 └─▶ answer, or a feed ─▶ LineOutlet ─┐
///                        └─▶ SessionStream ─▶ Gateway.get ─▶ feed ─▶ LineOutlet ─┴▶ LineOutput ─▶ stdout
/// ```
///
/// It is the same gateway that HTTP uses, in both eras. What headers say there is known here: the
/// session that `initialize` opened is the process's, the stream that a client would open by a GET
/// is followed by itself, and parts of a request are repeated nowhere
/// ([trunkline.protocol.McpHeaders#unwritten]). What a disconnect says there, that a stateless
/// request is cancelled, is a notification here; a request that was cancelled is not answered
/// whatever comes of it (MCP 2025-11-25, Cancellation). A stream that is closed before its end, by
/// a handler that releases its connection, by an operator or because the database went, is gone on
/// with by this process, as an HTTP client would with `Last-Event-ID`.
///
/// An instance of this kind is in the directory like any other (`stdio:` and its process id instead
/// of a URL), holds a lease, takes over calls of the dead, hears announcements. It opens no port:
/// it has neither health nor metrics, and nobody to balance.
///
/// The end of its input is its end: what runs has a second for its answer, the session is ended,
/// the instance leaves. So it is with SIGTERM, and when the session is ended elsewhere.
@NullMarked
package trunkline.stdio;

import org.jspecify.annotations.NullMarked;
