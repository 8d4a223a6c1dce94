package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Goal: whatever a client asks for, on whichever instance and in whichever era, is on record with
/// who, what, how it ended and where, and without what it said. Method: a table with a request of
/// each method and each kind of end; the trace id of each names its row.
@Tag("cluster")
class AuditAcrossInstancesTest {
  private static final String KINDS =
      "calls,reads,prompts,completions,tasks,subscriptions,sessions,lists,others,denials";

  private static final String SECRET = "the-secret-7f3a";

  /// Said in each way that a client may say something.
  private static final String ARGUMENTS = json("{'said':'%s'}", SECRET);

  private final TestCluster cluster;
  private final TestDatabase db;
  private final AuditTools tools;
  private final List<Instance> instances;
  @AutoClose private final McpTestClient ada = user();

  @AutoClose
  private final StatelessTestClient bob =
      new StatelessTestClient(
              "{\"elicitation\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}")
          .withHeader("X-Forwarded-User", "bob");

  private int turn;

  /// Started once for all methods.
  private record Stage(AuditTools tools, List<Instance> instances) {
    static Stage on(TestCluster cluster) {
      var tools = new AuditTools();
      cluster
          .with(tools.catalog())
          .with("audit", "on")
          .with("audit-kinds", KINDS)
          .with("trusted-principal-header", "X-Forwarded-User")
          .with("trusted-proxies", "127.0.0.0/8");
      return new Stage(tools, List.of(cluster.start("a"), cluster.start("b"), cluster.start("c")));
    }
  }

  AuditAcrossInstancesTest(TestCluster cluster) {
    var stage = cluster.shared(Stage.class, () -> Stage.on(cluster));
    this.cluster = cluster;
    this.db = cluster.database();
    this.tools = stage.tools();
    this.instances = stage.instances();
  }

  private static McpTestClient user() {
    return new McpTestClient().withHeader("X-Forwarded-User", "ada");
  }

  /// A request, and what its record says of it.
  ///
  /// @param digest whether it has arguments
  private record Case(
      String method,
      String params,
      String name,
      String outcome,
      @Nullable Integer code,
      boolean digest) {
    Case(String method, String params, String name) {
      this(method, params, name, "ok", null, false);
    }
  }

  private static Case call(String tool, String outcome, @Nullable Integer code) {
    return new Case(
        "tools/call",
        "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, ARGUMENTS),
        tool,
        outcome,
        code,
        true);
  }

  private static final List<Case> BOTH =
      List.of(
          call("say", "ok", null),
          call("fail", "tool error", null),
          call("slow", "timed out", null),
          call("nothing", "error", -32602),
          call("forbid", "denied", -32003),
          call("locked", "denied", -32003),
          new Case("tools/list", "{}", ""),
          new Case("resources/list", "{}", ""),
          new Case("resources/templates/list", "{}", ""),
          new Case("prompts/list", "{}", ""),
          new Case("resources/read", json("{'uri':'audit://weather'}"), "audit://weather"),
          new Case(
              "prompts/get",
              "{\"name\":\"greet\",\"arguments\":%s}".formatted(ARGUMENTS),
              "greet",
              "ok",
              null,
              true),
          new Case(
              "completion/complete",
              json(
                  "{'ref':{'type':'ref/prompt','name':'greet'},'argument':{'name':'said','value':'%s'}}",
                  SECRET),
              "greet",
              "ok",
              null,
              true),
          new Case("tasks/get", json("{'taskId':'%s'}", SECRET), "", "error", -32602, false),
          new Case("tasks/cancel", json("{'taskId':'%s'}", SECRET), "", "error", -32602, false));

  private static final List<Case> STATEFUL =
      List.of(
          new Case("ping", "{}", ""),
          new Case("logging/setLevel", json("{'level':'error'}"), ""),
          new Case("resources/subscribe", json("{'uri':'audit://weather'}"), "audit://weather"),
          new Case("resources/unsubscribe", json("{'uri':'audit://weather'}"), "audit://weather"),
          new Case("tasks/list", "{}", ""),
          new Case("tasks/result", json("{'taskId':'%s'}", SECRET), "", "error", -32602, false),
          new Case("surprise/me", "{}", "", "error", -32601, false));

  private static final List<Case> STATELESS =
      List.of(
          new Case("server/discover", "{}", ""),
          call("ask", "asked", null),
          call("later", "task", null),
          new Case(
              "tasks/update",
              json("{'taskId':'%1$s','inputResponses':{'a':{'said':'%1$s'}}}", SECRET),
              "",
              "error",
              -32602,
              true),
          new Case("surprise/me", "{}", "", "refused", -32601, false));

  @Test
  void each_request_is_on_record_with_who_what_and_how_it_ended() throws Exception {
    ada.on(next()).connect(Trio.REVISION, Trio.EVERYTHING);
    var asked = new LinkedHashMap<String, Runnable>();
    for (var each : all(BOTH, STATEFUL)) {
      var trace = trace();
      var instance = next();
      ada.on(instance).request(each.method(), each.params(), "traceparent", parent(trace)).close();
      asked.put(trace, () -> require(each, "ada", "stateful", "test 1", instance, row(trace)));
    }
    for (var each : all(BOTH, STATELESS)) {
      var trace = trace();
      var instance = next();
      bob.on(instance).request(each.method(), each.params(), "traceparent", parent(trace)).close();
      asked.put(trace, () -> require(each, "bob", "stateless", "", instance, row(trace)));
    }
    asked.values().forEach(Runnable::run);
    requireSilence(ada);
  }

  private void require(
      Case each,
      String principal,
      String era,
      String client,
      Instance instance,
      Map<String, @Nullable Object> row) {
    assertThat(row)
        .as(each.method() + " " + each.name())
        .containsEntry("by", "client")
        .containsEntry("principal", principal)
        .containsEntry("client", client)
        .containsEntry("method", each.method())
        .containsEntry("name", each.name())
        .containsEntry("outcome", each.outcome())
        .containsEntry("code", each.code())
        .containsEntry("era", era)
        .containsEntry("instance_id", instance.id())
        .containsEntry("run", 1)
        .containsEntry("times", 1);
    assertThat(row.get("arguments") != null).as(each + "").isEqualTo(each.digest());
    assertThat(row.get("session_key") != null).isEqualTo(era.equals("stateful"));
  }

  /// A method that is added has to be decided about, and has to be here.
  @Test
  void every_method_that_there_is_stands_in_the_table() throws IOException {
    var source = Path.of("src/main/java/trunkline/protocol/method/Methods.java");
    var served = new TreeSet<String>();
    Pattern.compile("(?m)^ +(?:state(?:ful|less)\\.put|both|asking|extension)\\(\\s*\"([^\"]+)\"")
        .matcher(Files.readString(source))
        .results()
        .forEach(found -> served.add(found.group(1)));
    var shown = new TreeSet<String>();
    for (var each : all(BOTH, all(STATEFUL, STATELESS))) {
      shown.add(each.method());
    }
    shown.remove("surprise/me");

    assertThat(served).hasSizeGreaterThan(15).isEqualTo(shown);
  }

  @Test
  void sessions_and_streams_are_on_record_from_their_begin_to_their_end() throws Exception {
    try (var client = user()) {
      var opened = trace();
      client.on(next()).initialize(Trio.REVISION, "{}", "traceparent", parent(opened));
      client.on(next()).initialized();
      var followed = trace();
      client.on(next()).get("traceparent", parent(followed)).close();
      var ended = trace();
      client.on(next()).delete("traceparent", parent(ended));

      var session = row(opened);
      assertThat(session)
          .containsEntry("method", "initialize")
          .containsEntry("outcome", "ok")
          .containsEntry("client", "test 1");
      assertThat(row(followed))
          .containsEntry("method", "GET")
          .containsEntry("session_key", session.get("session_key"));
      assertThat(row(ended))
          .containsEntry("method", "DELETE")
          .containsEntry("outcome", "ok")
          .containsEntry("session_key", session.get("session_key"));

      var late = trace();
      client.on(next()).request("tools/call", json("{'name':'say'}"), "traceparent", parent(late));
      assertThat(row(late)).containsEntry("outcome", "refused").containsEntry("code", -32001);
      var listened = trace();
      bob.on(next())
          .listenAs("1", "{'toolsListChanged':true}", "traceparent", parent(listened))
          .close();
      assertThat(row(listened))
          .containsEntry("method", "subscriptions/listen")
          .containsEntry("outcome", "ok");
      requireSilence(client);
    }
  }

  @Test
  void a_task_is_on_record_when_it_is_asked_for_and_when_it_ends() throws Exception {
    ada.on(next()).connect(Trio.REVISION, Trio.EVERYTHING);
    var trace = trace();
    var params =
        """
        {"name":"later","arguments":%s,"task":{},"_meta":{"traceparent":"%s"}}
        """
            .formatted(ARGUMENTS, parent(trace));

    var task =
        ada.on(next())
            .request("tools/call", params, "traceparent", parent(trace()))
            .result()
            .path("task")
            .path("taskId")
            .asString();
    var rows = rows(trace, 2);

    assertThat(rows.stream().map(row -> row.get("outcome")))
        .containsExactlyInAnyOrder("task", "ok");
    assertThat(rows.stream().map(row -> row.get("task_key")).distinct())
        .singleElement()
        .satisfies(key -> assertThat(key).isNotNull());
    assertThat(rows.stream().map(row -> row.get("arguments")).distinct()).hasSize(1);
    var fetched = trace();
    ada.on(next())
        .request("tasks/result", json("{'taskId':'%s'}", task), "traceparent", parent(fetched))
        .result();
    assertThat(row(fetched)).containsEntry("task_key", rows.getFirst().get("task_key"));
    assertThat(dump()).doesNotContain(task);
    requireSilence();
  }

  /// The digest of an operator who knows the arguments is that of the instance.
  @Test
  void equal_arguments_have_one_digest_however_they_are_spelled_and_wherever_they_come()
      throws Exception {
    var digests = new TreeSet<String>();
    for (var spelled :
        List.of(
            "{\"name\":\"say\",\"arguments\":{\"b\":[1,{\"y\":\"ü\",\"x\":null}],\"a\":\"\\u0041\"}}",
            "{\"name\":\"say\",\"arguments\":{ \"a\":\"A\", \"b\":[1, {\"x\":null,\"y\":\"\\u00fc\"}]}}")) {
      var trace = trace();
      bob.on(next()).request("tools/call", spelled, "traceparent", parent(trace)).close();
      digests.add(String.valueOf(row(trace).get("arguments")));
    }

    assertThat(digests)
        .containsExactly(
            db.sql(
                    "select encode(trunkline.audit_digest(?), 'hex')",
                    "{\"a\":\"A\",\"b\":[1,{\"x\":null,\"y\":\"ü\"}]}")
                .text());
  }

  @Test
  void a_cancelled_call_and_one_that_runs_again_say_so() throws Exception {
    ada.on(instances.get(0)).connect(Trio.REVISION, Trio.EVERYTHING);
    var cancelled = trace();
    var call =
        ada.on(instances.get(0))
            .call("hold", json("{'said':'c'}"), "traceparent", parent(cancelled));
    tools.gate("c").awaitBegun();
    ada.on(instances.get(1))
        .notify(
            "notifications/cancelled",
            json("{'requestId':%s}", ada.on(instances.get(0)).latestRequestId()));
    assertThat(row(cancelled)).containsEntry("outcome", "cancelled").containsEntry("name", "hold");
    call.close();

    var again = trace();
    var params =
        json(
            "{'name':'hold_again','arguments':{'said':'r'},'_meta':{'traceparent':'%s'}}",
            parent(again));
    var leaver = cluster.start("leaver", "drain-timeout", "0s");
    var held = ada.on(leaver).request("tools/call", params);
    tools.gate("r").awaitBegun();
    var leaving = Thread.ofVirtual().start(leaver::close);
    FaultBooth.await("a second run", () -> tools.gate("r").runs() == 2);
    tools.gate("r").open();
    var rows = rows(again, 2);
    leaving.join();
    held.close();

    assertThat(rows.stream().map(row -> row.get("run") + " " + row.get("outcome")))
        .containsExactlyInAnyOrder("1 handed on", "2 ok");
  }

  @Test
  void what_is_refused_for_its_credentials_or_its_number_is_counted() {
    var instance = cluster.start("d");
    try (var stranger = new McpTestClient()) {
      for (var i = 0; i < 300; i++) {
        assertThat(
                stranger
                    .on(instance)
                    .raw("POST", new byte[0], "Authorization", "Bearer " + SECRET + i)
                    .status())
            .isEqualTo(401);
      }
      for (var i = 0; i < 20; i++) {
        bob.on(instance).call("limit", ARGUMENTS).close();
      }
    }
    var id = instance.id();
    instance.close(); // or a minute later

    assertThat(
            db.sql(
                    """
                    select principal, credential, peer, method, outcome, code, sum(times)::int as times, count(*)::int as rows
                      from trunkline.audit where outcome in ('denied', 'limited') and instance_id = ?
                     group by 1, 2, 3, 4, 5, 6 order by outcome
                    """,
                    id)
                .rows())
        .containsExactly(
            row("nobody", "bearer", "127.0.0.1", "POST", "denied", 401, 300),
            row("bob", "", null, "tools/call", "limited", -32004, 20));
    requireSilence();
  }

  private static Map<String, @Nullable Object> row(
      String principal,
      String credential,
      @Nullable String peer,
      String method,
      String outcome,
      int code,
      int times) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("principal", principal);
    row.put("credential", credential);
    row.put("peer", peer);
    row.put("method", method);
    row.put("outcome", outcome);
    row.put("code", code);
    row.put("times", times);
    row.put("rows", 1);
    return row;
  }

  @Test
  void what_operators_did_stands_there_too() {
    db.sql("select trunkline.set_enabled('tool', 'say', false)");
    db.sql("select trunkline.set_enabled('tool', 'say', true)");

    assertThat(
            db.sql(
                    "select name from trunkline.audit where by = 'operator' and method = 'set_enabled' order by at")
                .column())
        .containsExactly("tool say off", "tool say on");
  }

  private Instance next() {
    return instances.get(turn++ % instances.size());
  }

  private static List<Case> all(List<Case> some, List<Case> others) {
    var all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static String trace() {
    var bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String parent(String trace) {
    return "00-" + trace + "-00f067aa0ba902b7-01";
  }

  private Map<String, @Nullable Object> row(String trace) {
    return rows(trace, 1).getFirst();
  }

  private List<Map<String, @Nullable Object>> rows(String trace, int number) {
    db.await(
        "(select count(*) from trunkline.audit_records where trace = '%s') >= %d"
            .formatted(trace, number),
        EventLog.PATIENCE);
    var rows = db.sql("select * from trunkline.audit where trace = ? order by at", trace).rows();
    assertThat(rows).hasSize(number);
    return rows;
  }

  /// Nothing that anybody said, and nothing that lets anybody in.
  private void requireSilence(McpTestClient... clients) {
    assertThat(dump()).isNotEmpty().doesNotContain(SECRET);
    for (var client : clients) {
      assertThat(dump()).doesNotContain(client.sessionId());
    }
  }

  private String dump() {
    return String.join("\n", db.sql("select r::text from trunkline.audit_records r").column());
  }
}
