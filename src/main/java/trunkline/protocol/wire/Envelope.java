package trunkline.protocol.wire;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// What each request of the stateless era says of its client, in `params._meta` (MCP 2026-07-28,
/// Basic, `_meta`).
///
/// @param version the revision that it is written in
/// @param capabilities what may be asked of its client
/// @param least the lowest level of log messages that it wants; null: none
public record Envelope(String version, ObjectNode capabilities, @Nullable LogLevel least) {
  public static final String VERSION = "io.modelcontextprotocol/protocolVersion";

  /// In `_meta` of a result.
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  /// Who the client is; it need not say it.
  public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";

  private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  private static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

  /// Whether a request's params claim to belong to this era.
  public static boolean isIn(ObjectNode params) {
    return params.path("_meta").has(VERSION);
  }

  /// Reads it from a request's params.
  ///
  /// @throws RpcException naming what is missing or malformed
  public static Envelope read(ObjectNode params) {
    var meta = params.path("_meta");
    var missing = new ArrayList<String>();
    if (!meta.hasNonNull(VERSION)) {
      missing.add("params._meta." + VERSION);
    }
    if (!meta.hasNonNull(CAPABILITIES)) {
      missing.add("params._meta." + CAPABILITIES);
    }
    if (!missing.isEmpty()) {
      throw RpcException.invalidParams(
          "every request of 2026-07-28 says its revision and what its client can do; missing: "
              + String.join(", ", missing));
    }
    if (!meta.path(VERSION).isString()) {
      throw RpcException.invalidParams("params._meta." + VERSION + " must be a string");
    }
    if (!(meta.path(CAPABILITIES) instanceof ObjectNode capabilities)) {
      throw RpcException.invalidParams("params._meta." + CAPABILITIES + " must be an object");
    }
    return new Envelope(meta.path(VERSION).stringValue(), capabilities, least(params));
  }

  private static @Nullable LogLevel least(ObjectNode params) {
    var level = params.path("_meta").path(LOG_LEVEL);
    if (level.isMissingNode() || level.isNull()) {
      return null;
    }
    return LogLevel.parse(level.asString(""))
        .orElseThrow(() ->
            RpcException.invalidParams(
                "params._meta.%s is no log level: %s"
                    .formatted(LOG_LEVEL, Params.abbreviate(Codec.text(level)))));
  }

  /// Goes on only for clients of this extension.
  ///
  /// @throws RpcException when its client did not declare it
  public void require(String extension) {
    if (!knows(capabilities, extension)) {
      throw undeclared(extension);
    }
  }

  /// A client could declare the extension, and send its request again.
  public static RpcException undeclared(String extension) {
    var data = Codec.object();
    data.putObject("requiredCapabilities").putObject("extensions").putObject(extension);
    return new RpcException(
        new RpcError(
            ErrorCode.CLIENT_CAPABILITY_MISSING,
            "the client did not declare the extension " + extension,
            data));
  }

  /// Whether a client that declared these capabilities knows the extension.
  public static boolean knows(ObjectNode capabilities, String extension) {
    return capabilities.path("extensions").path(extension) instanceof ObjectNode;
  }
}
