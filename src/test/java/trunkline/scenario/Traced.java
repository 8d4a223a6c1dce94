package trunkline.scenario;

import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.MDC;
import trunkline.feature.Catalog;
import trunkline.feature.ElicitResult;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.testing.Collector;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Three instances whose spans go to one collector, and the tools that are called there.
final class Traced {
  record Named(String name) {}

  final Collector collector;

  final Tools tools = new Tools();
  final TestCluster cluster;
  final Instance a;
  final Instance b;
  final Instance c;

  /// What a handler sees of its trace.
  record Seen(String trace, String traceparent, Map<String, String> log) {
    static Seen here(RequestContext context) {
      return new Seen(
          Span.current().getSpanContext().getTraceId(),
          context.traceparent().orElse(""),
          Map.copyOf(MDC.getCopyOfContextMap()));
    }
  }

  private Traced(TestCluster cluster) {
    this.cluster = cluster;
    collector = cluster.with(tools.catalog()).with("lease", "2s").collected();
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  /// Those of a test class.
  static Traced of(TestCluster cluster) {
    return cluster.shared(Traced.class, () -> new Traced(cluster));
  }

  /// What is called there.
  static final class Tools {
    /// By their `traceparent`.
    final Map<String, Seen> seen = new ConcurrentHashMap<>();

    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    private void see(RequestContext context) {
      var here = Seen.here(context);
      seen.put(here.traceparent(), here);
    }

    Gate gate(String name) {
      return gates.computeIfAbsent(name, _ -> new Gate());
    }

    Catalog catalog() {
      return Catalog.builder()
          .add(
              Tool.named("ask")
                  .description("Asks for a name; may run as a task")
                  .tasks(TaskSupport.OPTIONAL)
                  .handler((_, context) -> ToolResult.text("hello " + named(context, "Name?"))),
              Tool.named("ask_twice")
                  .description("Asks for two names")
                  .handler((_, context) ->
                      ToolResult.text(named(context, "First?") + " " + named(context, "Last?"))),
              Tool.named("look")
                  .description("Speaks, sees its trace, and fails")
                  .handler((_, context) -> {
                    context.log(LogLevel.ERROR, "here");
                    see(context);
                    return ToolResult.error("no");
                  }),
              Tool.named("look_again")
                  .description("Speaks, then waits at the gate; may run again")
                  .idempotent()
                  .input(Named.class)
                  .handler((input, context) -> {
                    context.log(LogLevel.ERROR, "here");
                    see(context);
                    gate(input.name()).pass();
                    return ToolResult.text("done");
                  }))
          .toolset(
              "attic",
              attic ->
                  attic.addOnly(
                      Tool.named("dust")
                          .description("In the attic alone")
                          .handler((_, _) -> ToolResult.text("clean"))))
          .add(Resource.at("traced://listed").name("listed").text((_, _) -> "text"))
          .add(ResourceTemplate.matching("traced://of/{secret}").name("of").text((_, _) -> "text"))
          .add(Prompt.named("greet").handler((_, _) -> List.of(PromptMessage.user("hello"))))
          .build();
    }

    private static String named(RequestContext context, String question) {
      return context.elicit(question, AskingTools.Who.class)
              instanceof ElicitResult.Accepted<AskingTools.Who>(var who)
          ? who.name()
          : "nobody";
    }
  }
}
