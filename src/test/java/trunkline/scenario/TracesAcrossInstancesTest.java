package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent.SpansDropped;
import trunkline.testing.CollectedSpan;
import trunkline.testing.Collector;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A request is one trace, whichever instances it meets on its way.
@Tag("cluster")
class TracesAcrossInstancesTest {
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final String ANSWERS = "{'%s':{'action':'accept','content':{'name':'%s'}}}";

  /// What the conventions of MCP have for a server's span, and ours.
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "mcp.method.name",
          "error.type",
          "gen_ai.prompt.name",
          "gen_ai.tool.name",
          "jsonrpc.request.id",
          "mcp.resource.uri",
          "rpc.response.status_code",
          "gen_ai.operation.name",
          "mcp.protocol.version",
          "mcp.session.id",
          "network.protocol.name",
          "network.protocol.version",
          "network.transport",
          "trunkline.instance",
          "trunkline.rerun",
          "trunkline.result.type");

  private final Traced traced;
  private final Collector collector;
  private final Instance a;
  private final Instance b;
  private final Instance c;

  /// Of the client, another one in each test.
  private final String trace = UUID.randomUUID().toString().replace("-", "");

  private final String parent = "00-" + trace + "-" + CLIENT_SPAN + "-01";

  TracesAcrossInstancesTest(TestCluster cluster) {
    traced = Traced.of(cluster);
    collector = traced.collector;
    a = traced.a;
    b = traced.b;
    c = traced.c;
  }

  private CollectedSpan awaitSpan(String name) throws InterruptedException {
    return collector.await(span -> span.name().equals(name) && span.trace().equals(trace));
  }

  private CollectedSpan awaitSpan(String name, Instance instance) throws InterruptedException {
    return collector.await(
        span -> span.name().equals(name) && span.trace().equals(trace) && span.isOn(instance));
  }

  private String params(String tool, String arguments) {
    return json(
        "{'name':'%s','arguments':%s,'_meta':{'traceparent':'%s','baggage':'k=v'}}",
        tool, arguments, parent);
  }

  @Test
  void a_tool_of_a_toolset_alone_has_its_name() throws Exception {
    try (var client = new StatelessTestClient()) {
      var attic = URI.create(a.url() + "/attic");
      assertThat(client.on(attic).request("tools/call", params("dust", "{}")).text())
          .isEqualTo("clean");

      assertThat(awaitSpan("tools/call dust").attributes())
          .containsEntry("gen_ai.tool.name", "dust");
    }
  }

  @Test
  void a_question_that_is_answered_elsewhere_is_one_trace() throws Exception {
    try (var client = Trio.connectedTo(c)) {
      var call = client.on(a).request("tools/call", params("ask", "{}"));
      var question = call.sse().nextMessage("elicitation/create");
      client.on(b).respond(question, Trio.ADA);
      assertThat(call.text()).isEqualTo("hello Ada");

      var called = awaitSpan("tools/call ask");
      assertThat(called.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(called.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(called.isOn(a)).isTrue();
      var asked = awaitSpan("elicitation/create");
      assertThat(asked.parent()).isEqualTo(called.id());
      assertThat(asked.kind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
      assertThat(question.at("/params/_meta/traceparent").asString())
          .isEqualTo("00-" + trace + "-" + asked.id() + "-01");
      assertThat(question.at("/params/_meta/baggage").asString()).isEqualTo("k=v");
      var answered = awaitSpan("answer elicitation/create");
      assertThat(answered.parent()).isEqualTo(asked.id());
      assertThat(answered.isOn(b)).isTrue();
      assertThat(awaitSpan("sessions.find", a).parent()).isEqualTo(called.id());
      assertThat(awaitSpan("publish", a).trace()).isEqualTo(trace);
      assertThat(awaitSpan("sessions.find", a).attributes())
          .containsEntry("db.system.name", "postgresql")
          .containsEntry("db.query.summary", "sessions.find");
    }
  }

  @Test
  void rounds_of_a_client_that_traces_nothing_are_one_trace_all_the_same() throws Exception {
    try (var client = new StatelessTestClient("{'elicitation':{}}")) {
      var first = client.on(a).call("ask_twice", "{}").result();
      var second =
          client.on(b).answer("ask_twice", "{}", first, answer("question-1", "Ada")).result();
      var last = client.on(c).answer("ask_twice", "{}", second, answer("question-2", "King"));
      assertThat(last.text()).isEqualTo("Ada King");

      var told = first.at("/inputRequests/question-1/params/_meta/traceparent").asString();
      var own = told.substring(3, 35);
      var rounds =
          List.of(
              collector.await(span -> span.trace().equals(own) && isRound(span, a)),
              collector.await(span -> span.trace().equals(own) && isRound(span, b)),
              collector.await(span -> span.trace().equals(own) && isRound(span, c)));
      assertThat(rounds.get(0).parent()).isEmpty();
      assertThat(told).contains(rounds.get(0).id());
      assertThat(rounds.get(1).parent()).isEqualTo(rounds.get(0).id());
      assertThat(rounds.get(2).parent()).isEqualTo(rounds.get(1).id());
      assertThat(rounds.get(0).say("trunkline.result.type")).isEqualTo("input_required");
      for (var round : rounds.subList(0, 2)) {
        var asked =
            collector.await(span ->
                span.name().equals("elicitation/create") && span.parent().equals(round.id()));
        assertThat(asked.begunNanos())
            .as("from when it was asked, by the millisecond")
            .isLessThan(round.endedNanos() + 1_000_000);
        assertThat(asked.endedNanos()).isGreaterThan(round.endedNanos());
      }
    }
  }

  private static boolean isRound(CollectedSpan span, Instance instance) {
    return span.name().equals("tools/call ask_twice") && span.isOn(instance);
  }

  private static String answer(String question, String name) {
    return ANSWERS.formatted(question, name);
  }

  @Test
  void a_round_belongs_to_its_clients_span_and_is_linked_to_the_round_before() throws Exception {
    try (var client = new StatelessTestClient("{'elicitation':{}}")) {
      var first =
          client.on(a).request("tools/call", params("ask", "{}").replace('"', '\'')).result();
      var again =
          json(
              "{'name':'ask','arguments':{},'_meta':{'traceparent':'%s'},'inputResponses':%s,'requestState':%s}",
              parent, answer("question-1", "Ada").replace('\'', '"'), first.get("requestState"));
      assertThat(client.on(b).request("tools/call", again).text()).isEqualTo("hello Ada");

      var before = awaitSpan("tools/call ask", a);
      var after = awaitSpan("tools/call ask", b);
      assertThat(before.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(after.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(after.links()).containsExactly(before.id());
      assertThat(awaitSpan("elicitation/create", b).parent()).isEqualTo(before.id());
    }
  }

  @Test
  void a_run_on_another_instance_stays_in_the_trace_of_the_one_that_was_killed() throws Exception {
    var doomed = traced.cluster.start("doomed");
    var name = trace;
    try (var client = Trio.connectedTo(b)) {
      var arguments = Trio.named(name);
      var call = client.on(doomed).request("tools/call", params("look_again", arguments)).sse();
      var told =
          call.nextMessage("notifications/message").at("/params/_meta/traceparent").asString();
      var last = call.requireLastEventId();
      doomed.kill();
      b.server().instances().declareDead(new InstanceId(doomed.id()));
      traced.tools.gate(name).open();
      for (var instance : List.of(a, b, c)) {
        instance.server().sweepOnce();
      }

      var resumed = client.on(b).resume(last).sse();
      assertThat(Reply.text(resumed.nextResponse().path("result"))).isEqualTo("done");
      var again =
          collector.await(
              span -> span.trace().equals(trace) && span.say("trunkline.rerun").equals("true"));
      assertThat(again.name()).isEqualTo("tools/call look_again");
      assertThat(again.isOn(doomed)).isFalse();
      assertThat(told).isEqualTo("00-" + trace + "-" + again.parent() + "-01");
    }
  }

  @Test
  void a_task_stays_in_the_trace_of_the_call_that_asked_for_it() throws Exception {
    try (var client = Trio.connectedTo(c)) {
      var params =
          json(
              "{'name':'ask','arguments':{},'task':{'ttl':60000},'_meta':{'traceparent':'%s'}}",
              parent);
      var task = client.on(a).request("tools/call", params).result().at("/task/taskId").asString();
      var result = client.on(b).request("tasks/result", json("{'taskId':'%s'}", task));
      var question = result.sse().nextMessage("elicitation/create");
      client.on(c).respond(question, Trio.ADA);
      assertThat(result.text()).isEqualTo("hello Ada");

      var called = awaitSpan("tools/call ask");
      assertThat(called.say("trunkline.result.type")).isEqualTo("task");
      var run = awaitSpan("task ask");
      assertThat(run.parent()).isEqualTo(called.id());
      assertThat(run.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      var asked = awaitSpan("elicitation/create");
      assertThat(asked.parent()).isEqualTo(run.id());
      assertThat(question.at("/params/_meta/traceparent").asString()).contains(asked.id());
      var answered = awaitSpan("answer elicitation/create");
      assertThat(answered.parent()).isEqualTo(asked.id());
      assertThat(answered.isOn(c)).isTrue();
    }
  }

  @Test
  void a_handler_sees_its_span_and_its_log_lines_name_it() throws Exception {
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).request("tools/call", params("look", "{}"));
      var told = call.sse().nextMessage("notifications/message").at("/params/_meta");
      call.result();

      var span = awaitSpan("tools/call look");
      var seen =
          Objects.requireNonNull(traced.tools.seen.get("00-" + trace + "-" + span.id() + "-01"));
      assertThat(seen.trace()).isEqualTo(trace);
      assertThat(told.path("traceparent").asString()).isEqualTo(seen.traceparent());
      assertThat(seen.log())
          .containsEntry("trace_id", trace)
          .containsEntry("span_id", span.id())
          .containsEntry("principal", "anonymous")
          .containsEntry("session", span.say("mcp.session.id"));
      assertThat(span.say("error.type")).isEqualTo("tool_error");
      assertThat(span.failed()).isTrue();
      assertThat(span.attributes())
          .containsEntry("mcp.method.name", "tools/call")
          .containsEntry("gen_ai.tool.name", "look")
          .containsEntry("gen_ai.operation.name", "execute_tool")
          .containsEntry("mcp.protocol.version", Trio.REVISION)
          .containsEntry("network.transport", "tcp")
          .containsEntry("network.protocol.name", "http")
          .containsEntry("network.protocol.version", "1.1");
    }
  }

  /// A client that says nothing in the message may have said it to HTTP; one that says both means
  /// the former, and the latter is linked.
  @Test
  void the_header_is_the_parent_unless_the_message_has_one() throws Exception {
    try (var client = Trio.connectedTo(b)) {
      var transport = "00-" + trace + "-b7ad6b7169203331-01";
      client.on(a).request("tools/list", "{}", "traceparent", transport).result();
      assertThat(awaitSpan("tools/list").parent()).isEqualTo("b7ad6b7169203331");

      client
          .on(a)
          .request(
              "prompts/list",
              json("{'_meta':{'traceparent':'%s'}}", parent),
              "traceparent",
              transport)
          .result();
      var both = awaitSpan("prompts/list");
      assertThat(both.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(both.links()).containsExactly("b7ad6b7169203331");
    }
  }

  /// Names of the conventions, and none of what a client made up, of a template's arguments or of a
  /// session's id.
  @Test
  void spans_say_what_the_conventions_have_and_no_secret() throws Exception {
    try (var client = Trio.connectedTo(b)) {
      var meta = json("'_meta':{'traceparent':'%s'}", parent);
      var read = "resources/read";
      client.on(a).request(read, "{\"uri\":\"traced://listed\"," + meta + "}").result();
      client.on(a).request(read, "{\"uri\":\"traced://of/hidden-7\"," + meta + "}").result();
      client.on(a).request("prompts/get", "{\"name\":\"greet\"," + meta + "}").result();
      client.on(b).request("tools/call", "{\"name\":\"hidden-8\"," + meta + "}").error();
      client.on(b).request("hidden-9/x", "{" + meta + "}").error();
      client.on(c).notify("notifications/roots/list_changed", "{" + meta + "}");

      assertThat(
              collector
                  .await(
                      span -> span.trace().equals(trace) && !span.say("mcp.resource.uri").isEmpty())
                  .attributes())
          .containsEntry("mcp.resource.uri", "traced://listed");
      assertThat(awaitSpan("prompts/get greet").say("gen_ai.prompt.name")).isEqualTo("greet");
      assertThat(awaitSpan("tools/call").attributes())
          .containsEntry("error.type", "-32602")
          .containsEntry("rpc.response.status_code", "-32602");
      assertThat(awaitSpan("_OTHER").say("error.type")).isEqualTo("-32601");
      assertThat(awaitSpan("notifications/roots/list_changed").failed()).isFalse();
      var all = collector.spans().stream().filter(span -> span.trace().equals(trace)).toList();
      assertThat(all.toString()).doesNotContain("hidden-").doesNotContain(client.sessionId());
      var said = new TreeSet<String>();
      all.stream()
          .filter(span -> span.kind() == SpanKind.SPAN_KIND_SERVER)
          .forEach(span -> said.addAll(span.attributes().keySet()));
      assertThat(ATTRIBUTES).containsAll(said);
    }
  }

  @Test
  void durations_of_operations_and_sessions_are_told_in_seconds() throws Exception {
    var client = Trio.connectedTo(b);
    client.on(a).call("look", "{}").result();
    client.on(c).delete();
    client.close();

    var operation =
        collector.awaitMetric(metric ->
            metric.name().equals("mcp.server.operation.duration")
                && "look".equals(metric.attributes().get("gen_ai.tool.name")));
    assertThat(operation.unit()).isEqualTo("s");
    assertThat(operation.attributes())
        .containsEntry("mcp.method.name", "tools/call")
        .containsEntry("error.type", "tool_error");
    assertThat(operation.buckets())
        .containsExactly(
            0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0);
    var session =
        collector.awaitMetric(metric -> metric.name().equals("mcp.server.session.duration"));
    assertThat(session.attributes()).isEqualTo(Map.of("mcp.protocol.version", Trio.REVISION));
    assertThat(session.count()).isPositive();
  }

  @Test
  void calls_are_not_kept_waiting_by_a_collector_that_is_away() throws Exception {
    var lonely = traced.cluster.traced(nowhere()).start("lonely");
    traced.cluster.traced(collector.environment());
    try (var client = Trio.connectedTo(lonely)) {
      for (var i = 0; i < 20; i++) {
        client.on(lonely).request("tools/list", "{}").result();
      }
      lonely.events().await(SpansDropped.class);
    }
    lonely.close();
  }

  /// No more spans than four wait to be sent.
  private static Map<String, String> nowhere() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:1",
        "OTEL_BSP_MAX_QUEUE_SIZE",
        "4",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "4");
  }
}
