package trunkline.audit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;

/// How something ended.
///
/// @param code negative: of the JSON-RPC error; positive: the HTTP status; null without either
public record Ending(Outcome outcome, @Nullable Integer code) {
  public static final Ending OK = new Ending(Outcome.OK, null);
  public static final Ending CANCELLED = new Ending(Outcome.CANCELLED, null);
  public static final Ending HANDED_ON = new Ending(Outcome.HANDED_ON, null);
  public static final Ending LOST = new Ending(Outcome.LOST, ErrorCode.INTERNAL_ERROR);
  public static final Ending UNAVAILABLE = new Ending(Outcome.UNAVAILABLE, 503);
  public static final Ending FAILED = new Ending(Outcome.FAILED, 500);

  /// The end of what was answered so. Of a result it reads which kind it is, and nothing else.
  public static Ending of(Response response) {
    return switch (response) {
      case Response.Failure(var _, var error) -> error(Outcome.ERROR, error.code());
      case Response.Success(var _, var result) -> {
        if (result.path("isError").asBoolean(false)) {
          yield new Ending(Outcome.TOOL_ERROR, null);
        }
        yield switch (result.path("resultType").asString("")) {
          case "input_required" -> new Ending(Outcome.ASKED, null);
          case "task" -> new Ending(Outcome.TASK, null);
          default -> result.path("task").isObject() ? new Ending(Outcome.TASK, null) : OK;
        };
      }
    };
  }

  /// The end of what was answered with this JSON document, refused or not.
  ///
  /// @param otherwise what it is where the error does not say more
  public static Ending of(byte[] body, Outcome otherwise) {
    var code =
        Codec.tree(new String(body, StandardCharsets.UTF_8)) // an object, or a batch without one
            .path("error")
            .path("code")
            .asInt(0);
    return code == 0 ? OK : error(otherwise, code);
  }

  private static Ending error(Outcome otherwise, int code) {
    return new Ending(
        switch (code) {
          case ErrorCode.INSUFFICIENT_SCOPE -> Outcome.DENIED;
          case ErrorCode.RATE_LIMITED -> Outcome.LIMITED;
          default -> otherwise;
        },
        code);
  }

  /// Of what was stopped for the time that it took.
  Ending forTime() {
    return outcome == Outcome.TOOL_ERROR ? new Ending(Outcome.TIMED_OUT, code) : this;
  }

  boolean isDenial() {
    return outcome == Outcome.DENIED || outcome == Outcome.LIMITED;
  }
}
