/// JSON-RPC 2.0: bytes ⇄ types, once, at the edge of the server.
///
/// A body is decoded into a [trunkline.jsonrpc.Body], which holds one [trunkline.jsonrpc.Message]
/// or a batch of them; from there on nobody looks at bytes or at loose JSON to find out what kind
/// of message it has. On the way out [trunkline.jsonrpc.Codec] gives the final UTF-8 bytes, which
/// are stored, replayed and written to sockets without ever being serialised again.
///
/// ## What is accepted
///
/// | input | answer |
/// |---|---|
/// | not UTF-8, not JSON, text after the JSON, a name twice in one object, nested deeper than [Codec#NESTING_MAX] | `-32700` |
/// | neither an object nor an array, `jsonrpc` not `"2.0"`, `method` not a string, both `result` and `error` | `-32600` |
/// | `id` null, fractional, outside of 64 bits, longer than [RequestId#TEXT_LENGTH_MAX] | `-32600` |
/// | `params` an array (JSON-RPC allows it, MCP does not) | `-32602` |
/// | `params` absent or null | accepted as `{}`: some clients write `"params":null` |
/// | an empty batch, more than [Codec#BATCH_MESSAGES_MAX] messages, one bad message in a batch | `-32600` for the batch |
///
/// A name that stands twice is refused because two readers may pick different ones: a proxy would
/// check one `method` and we would run the other. UTF-16 and UTF-32, which JSON parsers like to
/// detect, are refused too; the wire of MCP is UTF-8.
///
/// Integers keep their value whatever their size, fractions become doubles (as in JavaScript). Ids
/// keep their type: `1` and `"1"` are two requests.
///
/// A refused body's error names the request's id where it could be read, so that the client can
/// tell which of its requests failed.
///
/// ## What goes out
///
/// One line: no carriage return, no line feed, so a message fits into one `data:` line of an event
/// stream. Half a surrogate pair, which JSON can spell and UTF-8 can't, becomes a question mark
/// instead of a failure.
///
/// ## What is promised
///
/// The signatures of `trunkline.feature` name [trunkline.jsonrpc.Message.Notification],
/// [trunkline.jsonrpc.RpcError], [trunkline.jsonrpc.LogLevel] and
/// [trunkline.jsonrpc.MessageTooLarge], and catalogs make their JSON with
/// [trunkline.jsonrpc.Codec]. These five are promised with it; the rest may change.
///
/// This package knows no method of MCP, no HTTP status and no session.
@NullMarked
package trunkline.jsonrpc;

import org.jspecify.annotations.NullMarked;
