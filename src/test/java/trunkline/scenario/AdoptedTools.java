package trunkline.scenario;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.provider.complete.SyncMcpCompleteProvider;
import org.springframework.ai.mcp.annotation.provider.prompt.SyncMcpPromptProvider;
import org.springframework.ai.mcp.annotation.provider.resource.SyncMcpResourceProvider;
import org.springframework.ai.mcp.annotation.provider.tool.SyncMcpToolProvider;
import trunkline.adapter.annotated.AnnotatedFeatures;
import trunkline.adapter.sdk.SdkFeatures;
import trunkline.feature.Catalog;
import trunkline.feature.RequestContext;

/// Servers as their own documentation writes them, each with a tool that books a trip and asks the
/// user for the name. None of their lines knows of Trunkline, but for the last one's question.
final class AdoptedTools {
  private AdoptedTools() {}

  static Catalog catalog() {
    var catalog = Catalog.builder();
    new SdkFeatures().tools(ofTheSdk()).addTo(catalog);
    var spring = List.<Object>of(new SpringTrips());
    new SdkFeatures()
        .tools(new SyncMcpToolProvider(spring).getToolSpecifications())
        .resources(new SyncMcpResourceProvider(spring).getResourceSpecifications())
        .prompts(new SyncMcpPromptProvider(spring).getPromptSpecifications())
        .completions(new SyncMcpCompleteProvider(spring).getCompleteSpecifications())
        .addTo(catalog);
    AnnotatedFeatures.of(new QuarkusTrips(), new LangChainTrips()).addTo(catalog);
    return catalog.build();
  }

  private static SyncToolSpecification ofTheSdk() {
    var form =
        Map.<String, Object>of(
            "type",
            "object",
            "properties",
            Map.of("name", Map.of("type", "string")),
            "required",
            List.of("name"));
    return SyncToolSpecification.builder()
        .tool(
            McpSchema.Tool.builder(
                    "sdk_book",
                    Map.of("type", "object", "properties", Map.of("to", Map.of("type", "string"))))
                .description("Books a trip")
                .annotations(new McpSchema.ToolAnnotations(null, null, null, true, null, null))
                .build())
        .callHandler((exchange, request) -> {
          exchange.progressNotification(
              McpSchema.ProgressNotification.builder(request.progressToken(), 0.5).build());
          var answer =
              exchange.createElicitation(ElicitFormRequest.builder("Whose trip?", form).build());
          return CallToolResult.builder()
              .addTextContent(
                  answer.content().get("name") + " goes to " + request.arguments().get("to"))
              .build();
        })
        .build();
  }

  public record Traveller(String name) {}

  public static final class SpringTrips {
    @McpTool(
        name = "spring_book",
        description = "Books a trip",
        annotations = @McpTool.McpAnnotations(idempotentHint = true))
    public String book(
        McpSyncRequestContext context,
        @McpToolParam(description = "Where", required = true) String to) {
      context.info("booking");
      context.progress(50);
      var answer = context.elicit(form -> form.message("Whose trip?"), Traveller.class);
      return answer.structuredContent().name() + " goes to " + to;
    }

    @McpResource(uri = "trips://next", name = "next", description = "The next trip")
    public String next() {
      return "to Rome";
    }

    @McpPrompt(name = "spring_plan", description = "Plans a trip")
    public String plan(String to) {
      return "Plan a trip to " + to;
    }

    @McpComplete(prompt = "spring_plan")
    public List<String> places(String typed) {
      return List.of(typed + "ome");
    }
  }

  static final class QuarkusTrips {
    @io.quarkiverse.mcp.server.Tool(
        name = "quarkus_book",
        description = "Books a trip",
        annotations = @io.quarkiverse.mcp.server.Tool.Annotations(idempotentHint = true))
    String book(
        @io.quarkiverse.mcp.server.ToolArg(description = "Where") String to,
        RequestContext context) {
      var traveller = context.elicit("Whose trip?", Traveller.class).accepted();
      return traveller.orElseThrow().name() + " goes to " + to;
    }
  }

  static final class LangChainTrips {
    @dev.langchain4j.agent.tool.Tool("Tells how far it is")
    String distance(@dev.langchain4j.agent.tool.P("where") String to) {
      return to + " is far";
    }
  }
}
