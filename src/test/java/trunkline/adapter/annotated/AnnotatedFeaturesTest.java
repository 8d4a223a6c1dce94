package trunkline.adapter.annotated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ToolMemoryId;
import io.quarkiverse.mcp.server.CompletePrompt;
import io.quarkiverse.mcp.server.Elicitation;
import io.quarkiverse.mcp.server.PromptArg;
import io.quarkiverse.mcp.server.PromptMessage;
import io.quarkiverse.mcp.server.ResourceTemplate;
import io.quarkiverse.mcp.server.TextContent;
import io.quarkiverse.mcp.server.TextResourceContents;
import io.quarkiverse.mcp.server.ToolArg;
import io.quarkiverse.mcp.server.ToolCallException;
import io.quarkiverse.mcp.server.ToolResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ElicitResult;
import trunkline.feature.Feature;
import trunkline.feature.InvalidArguments;
import trunkline.feature.Prompt;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.ResourceRequest;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;

/// Goal: a bean of another server's runs as it is, or is refused with words that help.
class AnnotatedFeaturesTest {
  record Place(String city, Optional<String> country) {}

  record Forecast(String city, int degrees) {}

  record Day(String name) {}

  enum Unit {
    CELSIUS,
    FAHRENHEIT
  }

  /// As in the documentation of Quarkus MCP Server.
  static class QuarkusWeather {
    @io.quarkiverse.mcp.server.Tool(
        name = "forecast",
        title = "Forecast",
        description = "Tells the weather",
        structuredContent = true,
        annotations =
            @io.quarkiverse.mcp.server.Tool.Annotations(
                readOnlyHint = true,
                destructiveHint = false))
    Forecast forecast(
        @ToolArg(description = "Where") Place place,
        @ToolArg(defaultValue = "CELSIUS") Unit unit,
        @ToolArg(name = "on", required = false) LocalDate day,
        @ToolArg(defaultValue = "3") int days,
        Optional<List<String>> stations) {
      return new Forecast(place.city() + " " + unit + " " + day + " " + stations, days);
    }

    @io.quarkiverse.mcp.server.Tool(description = "Warns")
    ToolResponse warn(String region) {
      if (region.isEmpty()) {
        throw new ToolCallException("no region");
      }
      return ToolResponse.success(new TextContent("storm in " + region));
    }

    @io.quarkiverse.mcp.server.Tool(description = "Asks")
    String ask(RequestContext context) {
      return switch (context.elicit("Which day?", Day.class)) {
        case ElicitResult.Accepted<Day>(var day) -> day.name();
        case ElicitResult.Declined<Day>() -> "never";
        case ElicitResult.Cancelled<Day>() -> "later";
      };
    }

    @io.quarkiverse.mcp.server.Prompt(description = "Greets")
    PromptMessage greet(@PromptArg(description = "Who") String name) {
      return PromptMessage.withUserRole(new TextContent("Greet " + name));
    }

    @CompletePrompt("greet")
    List<String> names(@io.quarkiverse.mcp.server.CompleteArg(name = "name") String typed) {
      return List.of(typed + "da");
    }

    @io.quarkiverse.mcp.server.Resource(uri = "city://oslo", mimeType = "text/plain")
    String oslo() {
      return "a fjord";
    }

    @ResourceTemplate(uriTemplate = "city://{name}")
    TextResourceContents city(String name) {
      return TextResourceContents.create("city://" + name, "the city " + name);
    }
  }

  /// As in the documentation of LangChain4j.
  static class LangChainCalculator {
    @dev.langchain4j.agent.tool.Tool("Sums two numbers")
    double sum(@P("the first") double a, @P("the second") double b) {
      return a + b;
    }

    @dev.langchain4j.agent.tool.Tool(
        name = "wait",
        value = {"Waits", "and says so"})
    CompletionStage<List<String>> later(@P(value = "how long", required = false) Integer seconds) {
      return CompletableFuture.completedFuture(List.of("waited", "for " + seconds));
    }

    @dev.langchain4j.agent.tool.Tool("Forgets")
    void forget() {}
  }

  private final ScriptedContext context = new ScriptedContext();

  private static Feature feature(String key, Object bean) {
    return AnnotatedFeatures.of(bean).features().stream()
        .filter(each -> each.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private ToolResult call(Object bean, String tool, String arguments) throws Exception {
    return ((Tool) feature(tool, bean))
        .bind((ObjectNode) Json.of(arguments.replace('\'', '"')))
        .run(context);
  }

  @Test
  void parameters_are_described_checked_and_bound_as_a_record_is() throws Exception {
    var tool = (Tool) feature("forecast", new QuarkusWeather());

    var schema = tool.inputSchema();
    assertThat(schema.path("required")).isEqualTo(Json.of("[\"place\"]"));
    assertThat(schema.at("/properties/place/description").asString()).isEqualTo("Where");
    assertThat(schema.at("/properties/unit/default").asString()).isEqualTo("CELSIUS");
    assertThat(schema.at("/properties/on/format").asString()).isEqualTo("date");
    assertThat(schema.at("/properties/days/default").asInt()).isEqualTo(3);
    assertThat(schema.at("/properties/stations/items/type").asString()).isEqualTo("string");
    assertThat(tool.title()).contains("Forecast");
    assertThat(tool.retryable()).isTrue();
    assertThat(tool.outputSchema().orElseThrow().at("/properties/degrees/type").asString())
        .isEqualTo("integer");
    assertThat(
            call(
                    new QuarkusWeather(),
                    "forecast",
                    "{'place':{'city':'Oslo'},'on':'2026-05-17','stations':['a']}")
                .structured())
        .isEqualTo(Json.of("{\"city\":\"Oslo CELSIUS 2026-05-17 Optional[[a]]\",\"degrees\":3}"));
    assertThatThrownBy(() -> tool.bind((ObjectNode) Json.of("{\"place\":{\"town\":\"Oslo\"}}")))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining("city");
  }

  @Test
  void what_quarkus_beans_return_is_told() throws Exception {
    assertThat(call(new QuarkusWeather(), "warn", "{'region':'north'}"))
        .isEqualTo(ToolResult.text("storm in north"));
    assertThatThrownBy(() -> call(new QuarkusWeather(), "warn", "{'region':''}"))
        .isInstanceOf(ToolFailed.class)
        .hasMessage("no region");
    var greet = (Prompt) feature("greet", new QuarkusWeather());
    assertThat(greet.handler().write(Map.of("name", "Ada"), context))
        .containsExactly(trunkline.feature.PromptMessage.user("Greet Ada"));
    var completer = Objects.requireNonNull(greet.findArgument("name").orElseThrow().completer());
    assertThat(completer.complete("A", Map.of()).values()).containsExactly("Ada");
    assertThat(
            ((Resource) feature("city://oslo", new QuarkusWeather()))
                .reader()
                .read(new ResourceRequest("city://oslo", Map.of()), context))
        .containsExactly(ResourceContents.text("city://oslo", "text/plain", "a fjord"));
    assertThat(
            ((trunkline.feature.ResourceTemplate) feature("city://{name}", new QuarkusWeather()))
                .reader()
                .read(new ResourceRequest("city://rome", Map.of("name", "rome")), context))
        .containsExactly(ResourceContents.text("city://rome", null, "the city rome"));
  }

  @Test
  void a_method_asks_by_our_context() throws Exception {
    context.answering("{\"action\":\"accept\",\"content\":{\"name\":\"today\"}}");

    assertThat(call(new QuarkusWeather(), "ask", "{}")).isEqualTo(ToolResult.text("today"));
  }

  @Test
  void tools_of_langchain4j_run() throws Exception {
    var calculator = new LangChainCalculator();

    assertThat(call(calculator, "sum", "{'a':1.5,'b':2}")).isEqualTo(ToolResult.text("3.5"));
    assertThat(call(calculator, "wait", "{}").content())
        .extracting(content -> content.json().path("text").asString())
        .containsExactly("waited", "for null");
    assertThat(((Tool) feature("wait", calculator)).description()).isEqualTo("Waits\nand says so");
    assertThat(call(calculator, "forget", "{}")).isEqualTo(ToolResult.text("Success"));
  }

  /// As containers make them for interceptors and scopes.
  static class Proxy extends LangChainCalculator {
    @Override
    double sum(double a, double b) {
      return -super.sum(a, b);
    }
  }

  @Test
  void a_proxy_is_called_by_what_it_stands_for() throws Exception {
    assertThat(AnnotatedFeatures.of(new Proxy()).features()).hasSize(3);
    assertThat(call(new Proxy(), "sum", "{'a':1,'b':2}")).isEqualTo(ToolResult.text("-3.0"));
  }

  private static final Map<String, String> MCP_JAVA =
      Map.of(
          "org.mcpjava.server.tools.Tool",
          """
          package org.mcpjava.server.tools;
          import java.lang.annotation.*;
          @Retention(RetentionPolicy.RUNTIME)
          public @interface Tool {
            String name() default "<<element name>>";
            String description() default "";
            boolean structuredContent() default false;
            Class<?> outputSchemaFrom() default Void.class;
          }
          """,
          "org.mcpjava.server.tools.ToolArg",
          """
          package org.mcpjava.server.tools;
          import java.lang.annotation.*;
          @Retention(RetentionPolicy.RUNTIME)
          public @interface ToolArg {
            String name() default "<<element name>>";
            String description() default "";
            boolean required() default true;
            String defaultValue() default "";
          }
          """,
          "example.Greeter",
          """
          package example;
          import org.mcpjava.server.tools.*;
          public class Greeter {
            @Tool(description = "Greets")
            public String greet(@ToolArg(description = "Who") String name, int times) {
              return ("hello " + name + " ").repeat(times);
            }
          }
          """);

  /// mcp-java's annotations, spelled out: its artifact is not needed, and so not here.
  @Test
  void tools_of_mcp_java_run(@TempDir Path folder) throws Exception {
    var greeter = new CompiledSource(folder, MCP_JAVA, "-parameters").instance("example.Greeter");

    assertThat(call(greeter, "greet", "{'name':'Ada','times':2}"))
        .isEqualTo(ToolResult.text("hello Ada hello Ada "));
  }

  @Test
  void parameters_without_names_are_said_with_the_flag(@TempDir Path folder) throws Exception {
    var greeter = new CompiledSource(folder, MCP_JAVA).instance("example.Greeter");

    assertThatThrownBy(() -> AnnotatedFeatures.of(greeter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("example.Greeter.greet(String, int)")
        .hasMessageContaining("compile Greeter with -parameters");
  }

  static class Asking {
    @io.quarkiverse.mcp.server.Tool(description = "d")
    String ask(Elicitation elicitation) {
      return "";
    }
  }

  static class Remembering {
    @dev.langchain4j.agent.tool.Tool("d")
    String remember(@ToolMemoryId String memory) {
      return "";
    }
  }

  static class Nullless {
    @io.quarkiverse.mcp.server.Tool(description = "d")
    String count(@ToolArg(required = false) int times) {
      return "";
    }
  }

  static class Unschematic {
    @io.quarkiverse.mcp.server.Tool(description = "d")
    String run(Thread thread) {
      return "";
    }
  }

  static class Lost {
    @CompletePrompt("nobody")
    List<String> names(String name) {
      return List.of();
    }
  }

  static class Noted {
    @io.quarkiverse.mcp.server.MetaField(name = "k", value = "v")
    @io.quarkiverse.mcp.server.Tool(description = "d")
    String note() {
      return "";
    }
  }

  static class Scattered {
    @io.quarkiverse.mcp.server.Tool(description = "d", structuredContent = true)
    List<String> scatter() {
      return List.of();
    }
  }

  static class Misplaced {
    @ResourceTemplate(uriTemplate = "city://{name}")
    String city(String town) {
      return "";
    }
  }

  static class Plain {
    @SuppressWarnings("unused")
    String plain() {
      return "";
    }
  }

  public static class Spring {
    @org.springframework.ai.mcp.annotation.McpTool(description = "d")
    public String spring() {
      return "";
    }
  }

  @Test
  void what_cannot_run_here_is_refused_with_what_would_be_right() {
    assertRefused(new Asking(), "Asking.ask(Elicitation)", "RequestContext", "elicit(…)");
    assertRefused(new Remembering(), "@ToolMemoryId", "sessionId()");
    assertRefused(new Nullless(), "times of type int", "defaultValue", "Integer");
    assertRefused(new Unschematic(), "Unschematic.run(Thread)", "thread", "no schema");
    assertRefused(new Lost(), "Lost.names(String)", "nobody");
    assertRefused(new Noted(), "Noted.note()", "@MetaField");
    assertRefused(new Scattered(), "Scattered.scatter()", "needs a record", "List");
    assertRefused(new Misplaced(), "town", "city://{name}");
    assertRefused(new Plain(), "no method", "org.mcpjava.server, io.quarkiverse.mcp.server");
    assertRefused(new Spring(), "SyncMcpToolProvider");
  }

  private static void assertRefused(Object bean, String... words) {
    assertThatThrownBy(() -> AnnotatedFeatures.of(bean))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }
}
