package trunkline.protocol;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.stream.Outlet.Feed;

/// The outcome of an HTTP request, without status codes: `http` has them.
@SuppressWarnings("ArrayRecordComponent") // final bytes on their way out; nobody compares replies
public sealed interface Reply {

  /// Accepted; no answer.
  record Accepted() implements Reply {}

  /// The session is ended.
  record Ended() implements Reply {}

  /// One JSON document: a JSON-RPC response, or a batch of them. JSON-RPC errors of calls go here
  /// as well.
  ///
  /// @param session value of the `Mcp-Session-Id` header, on the answer to `initialize`
  record Answer(byte[] body, @Nullable String session) implements Reply {}

  /// Refused; the body is a JSON-RPC error that echoes the request's id where it was readable.
  record Refused(Refusal why, byte[] body) implements Reply {
    public static Refused because(Refusal why, @Nullable RequestId id, RpcError error) {
      return new Refused(why, Codec.encode(new Response.Failure(id, error)));
    }
  }

  /// The request needs more than its credentials allow; the body is a JSON-RPC error.
  ///
  /// @param scopes all that it needs
  record Denied(List<String> scopes, byte[] body) implements Reply {}

  /// The request is one too many for now; the body is a JSON-RPC error.
  record Limited(Duration retryAfter, byte[] body) implements Reply {}

  /// An event stream; the feed runs on the connection's thread after the headers are decided.
  record Streaming(Feed feed, @Nullable String session) implements Reply {}
}
