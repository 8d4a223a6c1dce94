package trunkline.jsonrpc;

/// The error codes of JSON-RPC and of MCP's revisions.
public final class ErrorCode {
  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  /// A bad or missing session; the convention of the official SDKs, clients act on the HTTP status.
  public static final int SESSION_REFUSED = -32000;

  /// "Session not found", same convention.
  public static final int SESSION_NOT_FOUND = -32001;

  /// Stateful revisions only.
  public static final int RESOURCE_NOT_FOUND = -32002;

  /// The caller would need more scopes; with HTTP status 403. Ours, from the range that JSON-RPC
  /// leaves to servers.
  public static final int INSUFFICIENT_SCOPE = -32003;

  /// One too many for now; with HTTP status 429. Ours.
  public static final int RATE_LIMITED = -32004;

  /// 2026-07-28 only, as is the next one.
  public static final int HEADER_MISMATCH = -32020;

  public static final int CLIENT_CAPABILITY_MISSING = -32021;

  public static final int UNSUPPORTED_PROTOCOL_VERSION = -32022;

  /// 2025-11-25 only.
  public static final int URL_ELICITATION_REQUIRED = -32042;

  private ErrorCode() {}
}
