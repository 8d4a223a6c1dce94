package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import trunkline.feature.Catalog;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.testing.CollectedSpan;
import trunkline.testing.Collector;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A request is one trace, whichever instances it meets on its way.
@Tag("cluster")
class TracesAcrossInstancesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + CLIENT_SPAN + "-01";

  private final ScenarioTools tools = new ScenarioTools();
  private final String name = UUID.randomUUID().toString();
  private final Gate gate = tools.gate(name);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final Tool look =
      Tool.named("look")
          .description("Says which trace its handler sees, and speaks")
          .tasks(TaskSupport.OPTIONAL)
          .handler((_, context) -> {
            context.log(LogLevel.ERROR, "here");
            seen.add(Span.current().getSpanContext().getTraceId());
            seen.add(context.traceparent().orElse(""));
            seen.add(MDC.getCopyOfContextMap().toString());
            return ToolResult.error("no");
          });

  private Collector collector;
  private TestCluster cluster;
  private Instance a;
  private Instance b;
  private Instance c;

  @BeforeEach
  void start(TestCluster cluster) throws Exception {
    this.cluster = cluster;
    collector = new Collector();
    cluster
        .with(Catalog.builder().add(AskingTools.ASK_NAME, look).build())
        .traced(collector.environment());
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  @AfterEach
  void end() {
    collector.close();
  }

  @Test
  void a_question_that_is_answered_elsewhere_is_one_trace() throws Exception {
    try (var client = Trio.connectedTo(a)) {
      var call = client.on(a).request("tools/call", params("ask_name", "{}"));
      var question = call.sse().nextMessage("elicitation/create");
      client.on(b).respond(question, Trio.ADA);
      assertThat(call.text()).isEqualTo("hello Ada");

      var called = collector.await(span -> span.name().equals("tools/call ask_name"));
      var asked = collector.await(span -> span.name().equals("elicitation/create"));
      var answered = collector.await(span -> span.name().equals("answer elicitation/create"));

      assertThat(called.trace()).isEqualTo(TRACE);
      assertThat(called.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(called.isOn(a)).isTrue();
      assertThat(asked.parent()).isEqualTo(called.id());
      assertThat(question.at("/params/_meta/traceparent").asString())
          .isEqualTo("00-" + TRACE + "-" + asked.id() + "-01");
      assertThat(answered.parent()).isEqualTo(asked.id());
      assertThat(answered.isOn(b)).isTrue();
    }
  }

  private static String params(String tool, String arguments) {
    return json(
        "{'name':'%s','arguments':%s,'_meta':{'traceparent':'%s'}}", tool, arguments, PARENT);
  }
}
