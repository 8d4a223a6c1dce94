package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.catalog.FeatureLoader;
import trunkline.conformance.ConformanceCatalog;
import trunkline.feature.Catalog;
import trunkline.feature.Feature;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.sample.SampleCatalog;
import trunkline.testing.TestCluster;

/// Goal: no client refuses a list for what one of its entries looks like, and what a tool says of
/// its arguments is what it takes. Method: every tool, prompt and template of `sample` and
/// `conformance`, and the barest ones that can be written, before both official clients; the tools
/// of `sample` are called with the least that their schemas allow.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictClientsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Feature[] BAREST = {
    Tool.named("takes_nothing").description("x").handler((_, _) -> ToolResult.text("none")),
    Tool.named("takes_an_object")
        .description("x")
        .inputSchema("{\"type\":\"object\"}")
        .handler((_, _) -> ToolResult.text("bare")),
    Prompt.named("asks_nothing").handler((_, _) -> List.of(PromptMessage.user("x"))),
    ResourceTemplate.matching("bare://{name}").name("bare").text((_, _) -> "x")
  };

  private final TestCluster cluster;
  private final List<String> callable =
      new ArrayList<>(List.of("takes_nothing", "takes_an_object"));
  private TestCluster.Instance instance;

  StrictClientsTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    var catalog = Catalog.builder();
    new SampleCatalog().addTo(catalog);
    new ConformanceCatalog().addTo(catalog);
    FeatureLoader.load("sample").tools(Switches.ALL_ON, null).features().stream()
        .map(Tool::name)
        .forEach(callable::add);
    instance = cluster.with(catalog.add(BAREST).build()).start("a");
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  void the_typescript_client_accepts_every_entry_and_every_tool_its_least() throws Exception {
    var arguments =
        Stream.concat(Stream.of("strict", instance.url().toString()), callable.stream());
    try (var script = Node.required().start("scenarios.mjs", arguments.toArray(String[]::new))) {
      var seen = script.result(PATIENCE);

      assertThat(seen.get("wrong").valueStream().map(it -> it.asString())).isEmpty();
      assertThat(seen.get("listed")).hasSizeGreaterThan(callable.size());
      assertThat(seen.get("answers").properties())
          .hasSize(callable.size())
          .allSatisfy(answer ->
              assertThat(answer.getValue().asString()).as(answer.getKey()).isEqualTo("ok"));
    }
  }

  /// The client holds what a tool answers to its output schema as well.
  @Test
  void the_java_client_accepts_every_entry_and_every_tool_its_least() {
    try (var client = new JavaClient(instance.url())) {
      var sdk = client.sdk();
      sdk.initialize();
      assertThat(sdk.listPrompts().prompts())
          .filteredOn(prompt -> prompt.name().equals("asks_nothing"))
          .singleElement()
          .satisfies(prompt -> assertThat(prompt.arguments()).isEmpty());
      assertThat(sdk.listResourceTemplates().resourceTemplates())
          .extracting(McpSchema.ResourceTemplate::uriTemplate)
          .contains("bare://{name}", "sample://cities/{name}");
      var tools = sdk.listTools().tools();
      assertThat(JavaClient.names(tools)).containsAll(callable);
      sdk.ping(); // so that the session is known
      var given = Map.<String, Object>of("sessionId", client.session());
      var validator = McpJsonDefaults.getSchemaValidator();
      for (var tool : tools) {
        assertThat(tool.inputSchema()).as(tool.name()).containsKey("properties");
        validator.assertConforms(tool.name(), tool.inputSchema());
        if (tool.outputSchema() != null) {
          validator.assertConforms(tool.name(), tool.outputSchema());
        }
        if (callable.contains(tool.name())) {
          var least = object(tool.inputSchema(), given);
          assertThat(validator.validate(tool.inputSchema(), least).errorMessage())
              .as(tool.name())
              .isNullOrEmpty();
          var answer = client.call(tool.name(), least);
          assertThat(answer.isError()).as("%s: %s", tool.name(), answer).isNotEqualTo(true);
        }
      }
    }
  }

  private static Map<String, Object> object(Map<?, ?> schema, Map<String, Object> given) {
    var least = new LinkedHashMap<String, Object>();
    if (schema.get("properties") instanceof Map<?, ?> properties) {
      properties.forEach((name, property) -> {
        var known = given.get(name);
        least.put((String) name, known == null ? value((Map<?, ?>) property) : known);
      });
    }
    return least;
  }

  private static Object value(Map<?, ?> schema) {
    if (schema.get("enum") instanceof List<?> choices) {
      return choices.getFirst();
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> object(schema, Map.of());
      case "array" -> List.of();
      case "boolean" -> false;
      case "integer", "number" -> schema.get("minimum") instanceof Number least ? least : 0;
      default -> "a";
    };
  }
}
