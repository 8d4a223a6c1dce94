package trunkline.adapter.sdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Content;
import trunkline.feature.RequestContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolBuilder;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// Tools of the SDK.
final class SdkTools {
  private static final Set<String> OLDER_DRAFTS =
      Set.of(
          "http://json-schema.org/draft-07/schema#",
          "http://json-schema.org/draft-07/schema",
          "https://json-schema.org/draft/2019-09/schema");

  private SdkTools() {}

  static Tool tool(SyncToolSpecification specification) {
    var given = specification.tool();
    var feature = "tool " + given.name();
    var handler = specification.callHandler();
    if (handler == null) {
      throw new IllegalArgumentException(feature + " has no callHandler");
    }
    return described(given)
        .handler((arguments, context) ->
            result(
                context,
                new Exchange(context)
                    .run(exchange ->
                        handler.apply(
                            exchange,
                            new McpSchema.CallToolRequest(
                                given.name(), Wire.map(arguments), Exchange.meta(context))))));
  }

  private static ToolBuilder<ObjectNode, ToolResult> described(McpSchema.Tool given) {
    var schema = schema(given.inputSchema());
    if (!schema.has("type")) {
      schema.put("type", "object"); // as the SDK's server takes it
    }
    var tool =
        Tool.named(given.name())
            .description(Described.first(given.name(), given.description(), given.title()))
            .inputSchema(Codec.text(schema));
    if (given.outputSchema() != null) {
      tool.outputSchema(Codec.text(schema(given.outputSchema())));
    }
    Described.icons(given.icons()).forEach(tool::icon);
    Described.meta(given.meta(), tool::meta);
    if (given.title() != null) {
      tool.title(given.title());
    }
    if (given.annotations() != null) {
      annotate(tool, given);
    }
    return tool;
  }

  /// One of an older draft is read as 2020-12, the only one that MCP requires.
  private static ObjectNode schema(@Nullable Map<String, Object> given) {
    var schema = Wire.object(given);
    if (OLDER_DRAFTS.contains(schema.path("$schema").asString(""))) {
      schema.remove("$schema");
    }
    return schema;
  }

  private static void annotate(ToolBuilder<?, ?> tool, McpSchema.Tool given) {
    var hints = given.annotations();
    Uncarried.requireNoReturnDirect("tool " + given.name(), hints.returnDirect());
    if (given.title() == null && hints.title() != null && !hints.title().isBlank()) {
      tool.title(hints.title());
    }
    if (Boolean.TRUE.equals(hints.readOnlyHint())) {
      tool.readOnly();
    }
    if (Boolean.TRUE.equals(hints.idempotentHint())) {
      tool.idempotent();
    }
    if (hints.destructiveHint() != null) {
      tool.destructive(hints.destructiveHint());
    }
    if (hints.openWorldHint() != null) {
      tool.openWorld(hints.openWorldHint());
    }
  }

  /// Structured content without a text gets it as one, for models that read nothing else.
  private static ToolResult result(RequestContext context, McpSchema.CallToolResult given) {
    Described.meta(given.meta(), context::resultMeta);
    var structured = Contents.structured(given.structuredContent());
    var content = Contents.of(given.content());
    if (structured != null && content.isEmpty()) {
      content = List.of(Content.text(Codec.text(structured)));
    }
    return new ToolResult(content, structured, Boolean.TRUE.equals(given.isError()));
  }
}
