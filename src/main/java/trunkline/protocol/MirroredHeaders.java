package trunkline.protocol;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Tool;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Params;

/// What a request of the stateless era repeats in its headers, so that whatever is between need not
/// read bodies: it has to be the same there (MCP 2026-07-28, Streamable HTTP).
///
/// @param headers of the request
record MirroredHeaders(McpHeaders headers) {
  private static final Map<String, String> NAMED =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  /// The revision.
  ///
  /// @throws RpcException when it is missing or another
  void requireVersion(String version) {
    if (!headers.mirroring()) {
      return;
    }
    require("MCP-Protocol-Version", version, headers.version());
  }

  /// Method and name.
  ///
  /// @throws RpcException when one is missing or another
  void require(Message.Request request) {
    if (!headers.mirroring()) {
      return;
    }
    require("Mcp-Method", request.method(), headers.find("mcp-method"));
    var member = NAMED.get(request.method());
    var name = member == null ? null : request.params().get(member);
    if (name != null && name.isString()) { // another one is refused for itself
      require("Mcp-Name", name.stringValue(), decoded("Mcp-Name"));
    }
  }

  /// The arguments that a tool wants mirrored.
  ///
  /// @throws RpcException when one is missing or another
  void require(Tool tool, JsonNode arguments) {
    if (!headers.mirroring()) {
      return;
    }
    tool.mirrored()
        .forEach((name, path) -> {
          var value = arguments;
          for (var member : path) {
            value = value.path(member);
          }
          if (!value.isMissingNode() && !value.isNull()) {
            requireArgument("Mcp-Param-" + name, value);
          }
        });
  }

  private void requireArgument(String header, JsonNode value) {
    var given = decoded(header);
    if (value.isNumber() && given.isPresent()) {
      if (!isNumber(given.get(), value)) {
        throw mismatch(header, "is not the argument's " + value);
      }
    } else {
      require(header, value.asString(), given);
    }
  }

  /// `42.0` is `42`.
  private static boolean isNumber(String text, JsonNode value) {
    try {
      return text.length() <= 100
          && new BigDecimal(text).compareTo(new BigDecimal(value.asString())) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private Optional<String> decoded(String header) {
    var value = headers.find(header);
    return value.map(text ->
        HeaderText.decode(text).orElseThrow(() -> mismatch(header, "is no Base64 of a text")));
  }

  private static void require(String header, String expected, Optional<String> given) {
    if (given.isEmpty()) {
      throw mismatch(header, "is missing; the body says '" + Params.abbreviate(expected) + "'");
    }
    if (!given.get().equals(expected)) {
      throw mismatch(
          header,
          "is '%s', and the body says '%s'"
              .formatted(Params.abbreviate(given.get()), Params.abbreviate(expected)));
    }
  }

  private static RpcException mismatch(String header, String problem) {
    return new RpcException(
        new RpcError(ErrorCode.HEADER_MISMATCH, "header " + header + " " + problem));
  }
}
