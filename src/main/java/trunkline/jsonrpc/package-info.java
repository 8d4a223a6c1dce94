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
/// | not UTF-8, not JSON, text after the JSON, a name twice in one object, half a surrogate pair | `-32700` |
/// | nested deeper than [Codec#NESTING_MAX], more names, values or characters than [Codec] says, a number that is beyond a double | `-32700`, which names the bound |
/// | neither an object nor an array, `jsonrpc` not `"2.0"`, `method` not a string, both `result` and `error` | `-32600` |
/// | `id` null, with a fraction (`1.0`, `1e-3`), longer than [RequestId#TEXT_LENGTH_MAX] | `-32600` with `"id":null` |
/// | `params` an array that is not empty (JSON-RPC allows it, MCP does not) | `-32602` |
/// | `params` absent, null or `[]` | accepted as `{}`: some clients write so |
/// | a byte order mark before the JSON | passed over |
/// | an empty batch, more than [Codec#BATCH_MESSAGES_MAX] messages, one bad message in a batch | `-32600` for the batch |
///
/// A name that stands twice is refused because two readers may pick different ones: a proxy would
/// check one `method` and we would run the other. UTF-16 and UTF-32, which JSON parsers like to
/// detect, are refused too; the wire of MCP is UTF-8.
///
/// Integers keep their value, fractions become doubles (as in JavaScript). Ids are answered as they
/// were spelled: `1`, `"1"` and `1e0` are three requests. `TreeReader` is the one place that reads
/// numbers and phrases what is wrong: a line, a column and what was expected, nothing of a library.
///
/// A refused body's error names the request's id where it could be read, so that the client can
/// tell which of its requests failed.
///
/// ## What goes out
///
/// One line for every reader: no carriage return, no line feed, and as escapes what some break
/// lines at (`LineSafe`: C1 controls, U+2028, U+2029), so a message fits into one `data:` line of
/// an event stream. Half a surrogate pair, which Java can hold and UTF-8 can't, is a
/// [trunkline.jsonrpc.NotUnicode] for the handler that wrote it.
///
/// A number has one spelling, that of JavaScript (`NumberSpelling`): `5`, never `5.0`.
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
