package trunkline.trace;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/// The names of OpenTelemetry's conventions for MCP (semantic-conventions-genai,
/// `docs/gen-ai/mcp.md`) and for databases, and those of ours, which begin with `trunkline.`.
final class Conventions {
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("mcp.method.name");
  static final AttributeKey<String> PROTOCOL_VERSION =
      AttributeKey.stringKey("mcp.protocol.version");
  static final AttributeKey<String> SESSION = AttributeKey.stringKey("mcp.session.id");
  static final AttributeKey<String> RESOURCE_URI = AttributeKey.stringKey("mcp.resource.uri");
  static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("jsonrpc.request.id");
  static final AttributeKey<String> TOOL = AttributeKey.stringKey("gen_ai.tool.name");
  static final AttributeKey<String> PROMPT = AttributeKey.stringKey("gen_ai.prompt.name");
  static final AttributeKey<String> GEN_AI_OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> STATUS_CODE =
      AttributeKey.stringKey("rpc.response.status_code");
  static final AttributeKey<String> TRANSPORT = AttributeKey.stringKey("network.transport");
  static final AttributeKey<String> NETWORK_PROTOCOL =
      AttributeKey.stringKey("network.protocol.name");
  static final AttributeKey<String> NETWORK_VERSION =
      AttributeKey.stringKey("network.protocol.version");
  static final AttributeKey<String> DATABASE = AttributeKey.stringKey("db.system.name");
  static final AttributeKey<String> STATEMENT = AttributeKey.stringKey("db.query.summary");

  /// The number of the instance that made the span.
  static final AttributeKey<Long> INSTANCE = AttributeKey.longKey("trunkline.instance");

  /// What became of a request that is not over with its answer: `input_required`, `task`.
  static final AttributeKey<String> RESULT_TYPE = AttributeKey.stringKey("trunkline.result.type");

  /// Whether the request ran before, elsewhere.
  static final AttributeKey<Boolean> RERUN = AttributeKey.booleanKey("trunkline.rerun");

  /// An operation that a tool ends with `isError`.
  static final String TOOL_ERROR = "tool_error";

  /// The value of everything that is in no list of ours.
  static final String OTHER = "_OTHER";

  static final String OPERATION_DURATION = "mcp.server.operation.duration";
  static final String SESSION_DURATION = "mcp.server.session.duration";

  /// Seconds.
  static final List<Double> BUCKETS =
      List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0);

  private Conventions() {}
}
