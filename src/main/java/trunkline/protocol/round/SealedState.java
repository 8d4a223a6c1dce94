package trunkline.protocol.round;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.seal.Opened;
import trunkline.seal.Seals;
import trunkline.session.Principal;

/// The `requestState` of a request: sealed, since it passes through its client's hands, and for
/// this request of this principal alone. Any instance can open it.
public final class SealedState {
  /// More would be sent to and fro with each round.
  static final int BYTES_MAX = 256 * 1024;

  private static final int COPIED_NODES_MAX = 256;

  private final Seals seals;
  private final Duration validFor;
  private final Principal principal;
  private final Message.Request request;
  private final Supplier<String> arguments;

  /// @param validFor how long a client may take for its answers
  public SealedState(Seals seals, Duration validFor, Principal principal, Message.Request request) {
    this.seals = seals;
    this.validFor = validFor;
    this.principal = principal;
    this.request = request;
    this.arguments = digestLater(request.params().path("arguments"));
  }

  /// What the request remembers of its former rounds; nothing when this is the first.
  ///
  /// @throws RpcException when what it brought is not ours, not this request's, or too old
  public Recollection open(ObjectNode params) {
    var given = params.get("requestState");
    if (given == null || given.isNull()) {
      return Recollection.NONE;
    }
    if (!given.isString()) {
      throw RpcException.invalidParams("params.requestState must be a string");
    }
    return switch (seals.open(given.stringValue(), binding())) {
      case Opened.Content(var content) -> Recollection.decoded(content);
      case Opened.Expired() ->
          throw invalid("expired: its client had " + validFor + " for its answers");
      case Opened.Forged() -> throw invalid("not one that this server gave for this request");
    };
  }

  private static RpcException invalid(String why) {
    return new RpcException(
        new RpcError(
            ErrorCode.INVALID_PARAMS,
            "Invalid or expired requestState: " + why,
            Codec.object().put("reason", "invalid_request_state")));
  }

  /// For its client to carry to the next round.
  ///
  /// @throws RpcException when there is too much to remember
  public String seal(Recollection recollection) {
    var content = recollection.encoded();
    if (content.length > BYTES_MAX) {
      throw new RpcException(
          new RpcError(
              ErrorCode.INTERNAL_ERROR,
              "what this request remembers from one round to the next, its client's answers and the"
                  + " steps that are done once, has %d bytes; the limit is %d"
                      .formatted(content.length, BYTES_MAX)));
    }
    return seals.seal(content, binding(), validFor);
  }

  /// The request without what differs from one round to the next: whose it is, and what it asks
  /// for. Members of objects have no order.
  private byte[] binding() {
    var params = request.params();
    var binding = Codec.array();
    binding.add(principal.name());
    binding.add(request.method());
    binding.add(params.path("name").asString(""));
    binding.add(params.path("uri").asString(""));
    binding.add(arguments.get());
    return Codec.text(binding).getBytes(StandardCharsets.UTF_8);
  }

  /// Most requests need no digest, which would be a twentieth of a call. Handlers may change their
  /// arguments, so they are copied; large ones would be held twice and are digested at once.
  private static Supplier<String> digestLater(JsonNode arguments) {
    if (nodes(arguments, COPIED_NODES_MAX) > COPIED_NODES_MAX) {
      var digest = digest(sorted(arguments));
      return () -> digest;
    }
    var copy = arguments.deepCopy();
    return () -> digest(sorted(copy));
  }

  /// How many there are, or more than so many.
  private static int nodes(JsonNode json, int max) {
    var nodes = 1;
    for (var each : json) {
      if (nodes > max) {
        return nodes;
      }
      nodes += nodes(each, max - nodes);
    }
    return nodes;
  }

  private static String digest(JsonNode json) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(Codec.text(json).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  private static JsonNode sorted(JsonNode json) {
    return switch (json) {
      case ObjectNode object -> {
        var members = new TreeMap<String, JsonNode>();
        object.properties().forEach(each -> members.put(each.getKey(), sorted(each.getValue())));
        var copy = Codec.object();
        members.forEach(copy::set);
        yield copy;
      }
      case ArrayNode array -> {
        var copy = Codec.array();
        array.forEach(each -> copy.add(sorted(each)));
        yield copy;
      }
      default -> json;
    };
  }
}
