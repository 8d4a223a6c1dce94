package trunkline.protocol.run;

import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Response;
import trunkline.protocol.wire.Params;

/// What failed, in short: of a response that is an error, or a tool's result that says so.
final class Complaint {
  private Complaint() {}

  /// Null without one.
  static @Nullable String of(Response response) {
    return switch (response) {
      case Response.Failure(var _, var error) -> Params.abbreviate(error.message());
      case Response.Success(var _, var result) ->
          result.path("isError").asBoolean(false)
              ? Params.abbreviate(
                  result.path("content").path(0).path("text").asString("the tool failed"))
              : null;
    };
  }
}
