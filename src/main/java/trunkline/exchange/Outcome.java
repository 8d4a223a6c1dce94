package trunkline.exchange;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.memory.HeldMemory;
import trunkline.memory.JsonWeight;

/// How a question to the client ended.
public sealed interface Outcome {
  /// The meaning of a client's stored response.
  ///
  /// It is decoded from the row even when asker and POST met on one instance: the row decides which
  /// answer counts, and one way to it is what every test and every lost wake-up takes.
  static Outcome of(byte[] response) {
    return switch (Codec.decodeOurs(response)) {
      case Body.Single(Response.Success(var _, var result)) -> new Answered(result);
      case Body.Single(Response.Failure(var _, var error)) -> new Declined(error);
      case Body _ -> throw new IllegalStateException("an answer that is no response");
    };
  }

  /// The same on the thread of the handler that waits, which holds it from now on.
  static Outcome held(byte[] response) {
    HeldMemory.here().note(response.length + JsonWeight.ofTree(response));
    return of(response);
  }

  /// Why there is no result, in a word of few; empty where there is one.
  default Optional<String> failure() {
    return switch (this) {
      case Answered _ -> Optional.empty();
      case Declined(var error) -> Optional.of(Integer.toString(error.code()));
      case TooMany _ -> Optional.of("too_many");
      case Expired _ -> Optional.of("timeout");
      case Gone _ -> Optional.of("session_ended");
    };
  }

  /// The client's result, as it came.
  record Answered(JsonNode result) implements Outcome {}

  /// The client answered with a JSON-RPC error.
  record Declined(RpcError error) implements Outcome {}

  /// The client was not asked: it owes as many answers as it may.
  record TooMany(int max) implements Outcome {}

  /// No answer came in time.
  record Expired() implements Outcome {}

  /// The session ended, or the stream has another writer by now.
  record Gone() implements Outcome {}
}
