package trunkline.adapter.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.Content;
import trunkline.feature.Feature;
import trunkline.feature.InvalidArguments;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.ResourceNotFound;
import trunkline.feature.ResourceRequest;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.RpcException;
import trunkline.testing.Json;

/// Goal: whatever the SDK lets a synchronous handler do, it does here; what cannot be carried is
/// said when the feature is built.
class SdkFeaturesTest {
  private static final Map<String, Object> CITY =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("city", Map.of("type", "string")),
          "required",
          List.of("city"));

  private final ScriptedContext context = new ScriptedContext();

  private static McpSchema.Tool.Builder named(String name) {
    return McpSchema.Tool.builder(name, CITY).description("Tells the weather");
  }

  private static Tool tool(
      McpSchema.Tool tool,
      BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
    return (Tool)
        new SdkFeatures().tools(new SyncToolSpecification(tool, handler)).features().getFirst();
  }

  private static Tool asking(
      BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
    return tool(named("forecast").build(), handler);
  }

  private ToolResult call(Tool tool) throws Exception {
    return tool.bind((ObjectNode) Json.of("{\"city\":\"Oslo\"}")).run(context);
  }

  private static CallToolResult text(String text) {
    return CallToolResult.builder().addTextContent(text).build();
  }

  @Test
  void a_tool_is_what_its_specification_says() throws Exception {
    var tool =
        tool(
            named("forecast")
                .title("Forecast")
                .annotations(new McpSchema.ToolAnnotations(null, true, false, true, false, null))
                .meta(Map.of("k", "v"))
                .icons(List.of(McpSchema.Icon.builder("https://example.com/sun.png").build()))
                .build(),
            (_, request) -> text("sunny in " + request.arguments().get("city")));

    assertThat(tool.title()).contains("Forecast");
    assertThat(tool.description()).isEqualTo("Tells the weather");
    assertThat(tool.inputSchema().at("/properties/city/type").asString()).isEqualTo("string");
    assertThat(tool.hints().json())
        .isEqualTo(
            Json.of(
                "{\"readOnlyHint\":true,\"destructiveHint\":false,\"idempotentHint\":true,\"openWorldHint\":false}"));
    assertThat(tool.retryable()).isTrue();
    assertThat(tool.icons()).hasSize(1);
    assertThat(tool.meta().json()).isEqualTo(Json.of("{\"k\":\"v\"}"));
    assertThat(call(tool)).isEqualTo(ToolResult.text("sunny in Oslo"));
    assertThatThrownBy(() -> tool.bind((ObjectNode) Json.of("{}")))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining("city");
  }

  @Test
  void a_result_keeps_all_that_a_client_can_read() throws Exception {
    var tool =
        tool(
            named("forecast").outputSchema(Map.of("type", "object")).build(),
            (_, _) ->
                CallToolResult.builder()
                    .content(
                        List.of(
                            McpSchema.TextContent.builder("warm")
                                .annotations(
                                    new McpSchema.Annotations(
                                        List.of(McpSchema.Role.USER), 0.5, null))
                                .build(),
                            McpSchema.ImageContent.builder("AAAA", "image/png").build()))
                    .structuredContent(Map.of("degrees", 21))
                    .build());

    var result = call(tool);

    assertThat(result.structured()).isEqualTo(Json.of("{\"degrees\":21}"));
    assertThat(result.content().getFirst().json())
        .isEqualTo(
            Json.of(
                "{\"type\":\"text\",\"text\":\"warm\",\"annotations\":{\"audience\":[\"user\"],\"priority\":0.5}}"));
    assertThat(result.content().getLast()).isInstanceOf(Content.Image.class);
  }

  @Test
  void a_handler_asks_reports_and_logs() throws Exception {
    context.capabilities.remove(ClientCapability.SAMPLING);
    context.capabilities.remove(ClientCapability.SAMPLING_TOOLS);
    context.answering(
        "{\"action\":\"accept\",\"content\":{\"day\":\"today\"}}",
        "{\"roots\":[{\"uri\":\"file:///home\"}]}");
    var tool =
        asking((exchange, request) -> {
          exchange.progressNotification(
              McpSchema.ProgressNotification.builder(request.progressToken(), 1).build());
          exchange.loggingNotification(
              McpSchema.LoggingMessageNotification.builder(McpSchema.LoggingLevel.WARNING, "clouds")
                  .build());
          var answer =
              exchange.createElicitation(
                  ElicitFormRequest.builder("Which day?", Map.of("type", "object")).build());
          assertThat(exchange.listRoots().roots().getFirst().uri()).isEqualTo("file:///home");
          assertThat(exchange.getClientCapabilities().sampling()).isNull();
          assertThat(SdkFeatures.context(exchange)).isSameAs(context);
          return text(answer.action() + " " + answer.content().get("day"));
        });

    assertThat(call(tool)).isEqualTo(ToolResult.text("ACCEPT today"));

    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            Json.of("{\"message\":\"Which day?\",\"requestedSchema\":{\"type\":\"object\"}}"));
    assertThat(context.told).containsExactly("progress 1.0/null", "warning clouds");
  }

  @Test
  void what_a_client_did_not_declare_is_refused_in_our_words() {
    context.capabilities.clear();
    var tool =
        asking((exchange, _) -> {
          exchange.createElicitation(
              ElicitFormRequest.builder("Which day?", Map.of("type", "object")).build());
          return text("unreached");
        });

    assertThatThrownBy(() -> call(tool)).isInstanceOf(CapabilityMissing.class);
  }

  /// As Spring AI's callbacks do: what follows the end of a run is no answer.
  @Test
  void a_handler_that_swallows_the_end_of_its_run_does_not_answer() {
    var ending =
        new ScriptedContext() {
          @Override
          public List<JsonNode> askAll(List<ClientRequest> requests) {
            throw new CancellationException("the run ends here");
          }
        };
    var tool =
        asking((exchange, _) -> {
          try {
            exchange.createElicitation(
                ElicitFormRequest.builder("Which day?", Map.of("type", "object")).build());
          } catch (RuntimeException e) {
            return text("swallowed " + e);
          }
          return text("unreached");
        });

    assertThatThrownBy(() -> tool.bind((ObjectNode) Json.of("{\"city\":\"Oslo\"}")).run(ending))
        .isInstanceOf(CancellationException.class)
        .hasMessage("the run ends here");
  }

  @Test
  void an_error_of_the_sdk_is_told_as_it_is() {
    var wrapped =
        asking((_, _) -> {
          throw new IllegalStateException(
              "wrapped", McpError.builder(-32050).message("no such city").data("Oslo").build());
        });
    var page =
        asking((_, _) -> {
          throw McpError.URL_ELICITATION_REQUIRED.apply(
              List.of(
                  McpSchema.ElicitUrlRequest.builder(
                          "Sign in", "https://example.com/in", "elicitation-1")
                      .build()));
        });

    assertThatThrownBy(() -> call(wrapped))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.error().code()).isEqualTo(-32050);
              assertThat(e.error().message()).isEqualTo("no such city");
              assertThat(e.error().data()).isEqualTo(Json.of("\"Oslo\""));
            });
    assertThatThrownBy(() -> call(page))
        .isInstanceOfSatisfying(
            UrlElicitationRequired.class,
            e -> assertThat(e.elicitations().getFirst().id()).isEqualTo("elicitation-1"));
  }

  @Test
  void resources_templates_prompts_and_completions_come_along() throws Exception {
    var prompt = McpSchema.Prompt.builder("greet").arguments(List.of(argument("name"))).build();
    var features =
        new SdkFeatures()
            .resources(
                new SyncResourceSpecification(
                    McpSchema.Resource.builder("city://oslo", "Oslo").build(),
                    (_, request) -> read(request.uri(), "a fjord")))
            .resourceTemplates(
                new SyncResourceTemplateSpecification(
                    McpSchema.ResourceTemplate.builder("city://{name}", "cities").build(),
                    (_, request) -> {
                      throw McpError.RESOURCE_NOT_FOUND.apply(request.uri());
                    }))
            .prompts(
                new SyncPromptSpecification(
                    prompt,
                    (_, request) ->
                        McpSchema.GetPromptResult.builder(
                                List.of(
                                    new McpSchema.PromptMessage(
                                        McpSchema.Role.USER,
                                        McpSchema.TextContent.builder(
                                                "Greet " + request.arguments().get("name"))
                                            .build())))
                            .build()))
            .completions(
                new SyncCompletionSpecification(
                    new PromptReference("greet"),
                    (_, request) ->
                        new CompleteResult(
                            new CompleteResult.CompleteCompletion(
                                List.of(request.argument().value() + "da")))))
            .features();

    Catalog.builder().add(features.toArray(Feature[]::new)).build();
    var resource = (Resource) features.get(0);
    assertThat(resource.reader().read(new ResourceRequest("city://oslo", Map.of()), context))
        .containsExactly(new ResourceContents.Text("city://oslo", null, "a fjord"));
    var template = (ResourceTemplate) features.get(1);
    assertThatThrownBy(
            () -> template.reader().read(new ResourceRequest("city://x", Map.of()), context))
        .isInstanceOf(ResourceNotFound.class);
    var greet = (Prompt) features.get(2);
    assertThat(greet.handler().write(Map.of("name", "Ada"), context))
        .containsExactly(PromptMessage.user("Greet Ada"));
    var completer = Objects.requireNonNull(greet.findArgument("name").orElseThrow().completer());
    assertThat(completer.complete("A", Map.of(), context).values()).containsExactly("Ada");
  }

  @Test
  void what_cannot_be_carried_is_refused_by_name() {
    assertThatThrownBy(() ->
            tool(
                named("forecast")
                    .annotations(new McpSchema.ToolAnnotations(null, null, null, null, null, true))
                    .build(),
                (_, _) -> text("")))
        .hasMessageContaining("tool forecast has returnDirect");
    assertThatThrownBy(() ->
            new SdkFeatures()
                .completions(
                    new SyncCompletionSpecification(new PromptReference("nobody"), (_, _) -> null))
                .features())
        .hasMessageContaining("the prompt nobody");
  }

  /// Many servers' schemas say that they are of an older draft.
  @Test
  void a_schema_of_an_older_draft_is_read() throws Exception {
    var schema = new LinkedHashMap<>(CITY);
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    var tool =
        tool(
            McpSchema.Tool.builder("forecast", schema).description("d").build(),
            (_, _) -> text("sunny"));

    assertThat(call(tool)).isEqualTo(ToolResult.text("sunny"));
  }

  private static McpSchema.PromptArgument argument(String name) {
    return new McpSchema.PromptArgument(name, null, "a " + name, true);
  }

  private static McpSchema.ReadResourceResult read(String uri, String text) {
    return new McpSchema.ReadResourceResult(
        List.of(McpSchema.TextResourceContents.builder(uri, text).build()), null);
  }
}
