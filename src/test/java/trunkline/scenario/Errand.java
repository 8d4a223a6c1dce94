package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import trunkline.feature.FeatureKind;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.StatementFault.AnswerLost;
import trunkline.testing.StatementFault.Refused;
import trunkline.testing.TestCluster.Instance;

/// The small workloads that together execute every statement of the product. A statement is walked
/// with the first of them that executes it.
enum Errand {
  /// Calls of both kinds, messages to one and to all, a stream that moves; every background job.
  TALK {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      visitor.listen(booth.b());
      assertThat(visitor.call(booth.a(), "echo", json("{'text':'x'}")).text()).isEqualTo("x");
      var first = booth.text("all");
      booth.broadcast(booth.b(), first);
      FaultBooth.await("it", () -> visitor.hasHeard(first)); // no order of both kinds is promised
      count(booth, visitor, 3);
      together(booth, visitor);
      var second = booth.text("one");
      booth.send(booth.a(), visitor, second);
      FaultBooth.await("the second", () -> visitor.hasHeard(second));
      visitor.listen(booth.a());
      var third = booth.text("moved");
      booth.send(booth.b(), visitor, third);
      FaultBooth.await("the third", () -> visitor.hasHeard(third));
      try (var guest = booth.guest(booth.b())) {
        assertThat(guest.on(booth.a()).delete().status()).isEqualTo(204);
      }
      booth.sweep();
    }

    // Some are stored with others, while the statement of those before runs.
    private void together(FaultBooth booth, Visitor visitor) throws InterruptedException {
      var texts = IntStream.range(0, 16).mapToObj(i -> booth.text("together" + i)).toList();
      var sending =
          texts.stream()
              .map(text -> Thread.startVirtualThread(() -> booth.send(booth.a(), visitor, text)))
              .toList();
      for (var one : sending) {
        one.join();
      }
      FaultBooth.await("all of them", () -> texts.stream().allMatch(visitor::hasHeard));
    }
  },

  /// What a session keeps and chooses.
  KEEP {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.b());
      visitor.listen(booth.a());
      assertThat(visitor.call(booth.a(), "remember", json("{'text':'x'}")).text())
          .isEqualTo("x true");
      visitor.result(booth.a(), "logging/setLevel", json("{'level':'error'}"));
      var uri = json("{'uri':'scenario://weather'}");
      visitor.result(booth.b(), "resources/subscribe", uri);
      FaultBooth.patiently(() -> booth.a().server().handle().resourceUpdated("scenario://weather"));
      FaultBooth.await("the update", () -> visitor.heard("notifications/resources/updated") > 0);
      visitor.result(booth.a(), "resources/unsubscribe", uri);
      for (var on : List.of(false, true)) {
        FaultBooth.patiently(
            () -> booth.a().server().handle().setEnabled(FeatureKind.TOOL, "say", on));
      }
      FaultBooth.await("the changes", () -> visitor.heard("notifications/tools/list_changed") >= 2);
      FaultBooth.patiently(() -> {
        var _ = booth.b().server().rotateSealKey();
      });
      count(booth, visitor, 1);
      assertThat(visitor.heard("notifications/resources/updated")).as("updates").isOne();
      assertThat(visitor.heard("notifications/tools/list_changed")).as("changes").isEqualTo(2);
    }
  },

  /// Questions of all kinds, answered on the other instance.
  ASK {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.b());
      visitor.listen(booth.b());
      assertThat(visitor.call(booth.a(), "ask_name", "{}", answer(booth, visitor)).text())
          .isEqualTo("hello Ada");
      assertThat(visitor.call(booth.a(), "ask_model", "{}", answer(booth, visitor)).text())
          .isEqualTo("hi");
      var slowly =
          visitor.call(
              booth.a(),
              "ask_slowly",
              json("{'to':100}"),
              question -> {
                report(booth, visitor, question);
                answer(booth, visitor).answer(question);
              });
      assertThat(slowly.text()).isEqualTo("m");
      for (var at : List.of(booth.a(), booth.b())) {
        assertThat(visitor.call(at, "ask_roots", "{}", answer(booth, visitor)).text())
            .isEqualTo("file:///w");
      }
      accept(visitor, booth.b(), "notifications/roots/list_changed", "{}");
    }

    private void report(FaultBooth booth, Visitor visitor, JsonNode question) {
      var told = json("{'progressToken':%s,'progress':1}", question.get("id"));
      accept(visitor, booth.b(), "notifications/progress", told);
    }
  },

  /// A question that nobody answers.
  WITHDRAW {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.b());
      var begun =
          visitor.begin(booth.a(), "tools/call", json("{'name':'ask_name','arguments':{}}"));
      begun.readTo("elicitation/create", _ -> {});
      accept(
          visitor,
          booth.b(),
          "notifications/cancelled",
          json("{'requestId':%d,'reason':'enough'}", begun.id()));
      awaitGone(booth, "pending_requests where outcome is null");
      awaitGone(booth, "calls where finished_at is null");
    }
  },

  /// A web page that a user visits, and one that the user does not.
  VISIT {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.b());
      visitor.listen(booth.b());
      var welcome =
          visitor.call(
              booth.a(),
              "visit",
              "{}",
              question -> {
                accepted(
                    visitor
                        .client()
                        .on(booth.b())
                        .respond(question, json("{'action':'accept'}"))
                        .status());
                var id = question.path("params").path("elicitationId").asString();
                var _ =
                    FaultBooth.patiently(
                        () -> booth.b().server().handle().completeElicitation(id, FaultBooth.USER));
              });
      assertThat(welcome.text()).isEqualTo("welcome");
      FaultBooth.await(
          "the completion", () -> visitor.heard("notifications/elicitation/complete") > 0);
      var declined =
          visitor.call(
              booth.a(),
              "visit",
              "{}",
              question ->
                  accepted(
                      visitor
                          .client()
                          .on(booth.b())
                          .respond(question, json("{'action':'decline'}"))
                          .status()));
      assertThat(declined.text()).isEqualTo("declined");
      var withdrawal = "url_elicitations.withdraw"; // nobody waits for it
      FaultBooth.await("the end of the page", () -> booth.proxy().seen(withdrawal) > 0);
      assertThat(visitor.heard("notifications/elicitation/complete")).as("completions").isOne();
      booth.tools().visits.clear();
    }
  },

  /// A web page that the user of a client without a session visits.
  VISIT_ALONE {
    @Override
    void run(FaultBooth booth) throws Exception {
      try (var client =
          new StatelessTestClient("{'elicitation':{'url':{}}}")
              .withHeader("X-User", FaultBooth.USER)) {
        var asked = client.on(booth.a()).call("visit", "{}").result();
        var key = asked.path("inputRequests").propertyNames().iterator().next();
        var page = key.substring("page-".length());
        var _ =
            FaultBooth.patiently(
                () -> booth.b().server().handle().completeElicitation(page, FaultBooth.USER));
        var answers = "{'%s':{'action':'accept'}}".formatted(key);
        assertThat(client.on(booth.b()).answer("visit", "{}", asked, answers).text())
            .isEqualTo("welcome");
      }
      booth.tools().visits.clear();
    }
  },

  /// Tasks: with a question, listed, cancelled.
  TASK {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      visitor.listen(booth.b());
      var asking = begin(visitor, booth.a(), "ask_name", "{}");
      var result = visitor.begin(booth.b(), "tasks/result", asking).finish(answer(booth, visitor));
      assertThat(result.text()).isEqualTo("hello Ada");
      var gate = UUID.randomUUID().toString();
      var waiting = begin(visitor, booth.a(), "wait_silently", Trio.named(gate));
      booth.tools().gate(gate).awaitBegun();
      assertThat(visitor.result(booth.a(), "tasks/list", "{}").path("tasks").size()).isPositive();
      assertThat(visitor.result(booth.b(), "tasks/cancel", waiting).path("status").asString())
          .isEqualTo("cancelled");
      booth.tools().gate(gate).awaitInterrupted();
    }
  },

  /// A task of a client without a session: listened to, looked at, answered by name.
  TASK_ALONE {
    @Override
    void run(FaultBooth booth) throws Exception {
      try (var client =
          new StatelessTestClient(
                  "{'elicitation':{},'extensions':{'io.modelcontextprotocol/tasks':{}}}")
              .withHeader("X-User", FaultBooth.USER)) {
        var id = client.on(booth.a()).call("ask_name", "{}").result().path("taskId").asString();
        var news = client.on(booth.b()).listen("{'taskIds':['" + id + "']}");
        news.nextMessage("notifications/subscriptions/acknowledged");
        var asked = news.nextMessage(Trio.FAULT_PATIENCE);
        while (!asked.path("params").has("inputRequests")) {
          asked = news.nextMessage(Trio.FAULT_PATIENCE);
        }
        var answers = "{'taskId':'%s','inputResponses':{'question-1':%s}}".formatted(id, Trio.ADA);
        client.on(booth.b()).request("tasks/update", answers).result();
        while (!asked.path("params").has("result")) {
          asked = news.nextMessage(Trio.FAULT_PATIENCE);
        }
        var ended = client.on(booth.a()).request("tasks/get", json("{'taskId':'%s'}", id)).result();
        assertThat(ended.path("result").path("content").path(0).path("text").asString())
            .isEqualTo("hello Ada");
      }
    }
  },

  /// A call that its client cancels on the other instance, and one whose stream has moved.
  CANCEL {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      var cancelled = hold(booth, visitor, booth.a());
      accept(
          visitor,
          booth.b(),
          "notifications/cancelled",
          json("{'requestId':%d,'reason':'enough'}", cancelled.begun().id()));
      booth.tools().gate(cancelled.gate()).awaitInterrupted();
      awaitGone(booth, "calls where finished_at is null");
      var moved = hold(booth, visitor, booth.a());
      moved.begun().resume(booth.b());
      booth.tools().gate(moved.gate()).open();
      assertThat(moved.begun().finish(_ -> {}).text()).isEqualTo("held " + moved.gate());
    }
  },

  /// Sessions that nobody uses, history that nobody needs.
  TIDY {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      visitor.result(booth.b(), "resources/subscribe", json("{'uri':'scenario://weather'}"));
      var old = visitor.client().on(booth.b()).get().sse().next().requireId();
      visitor.listen(booth.a());
      booth
          .db()
          .sql(
              """
              -- booth.age: a session that nobody uses, and one that ended long ago
              insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, created_at,
                                              last_used_at, ended_at, end_reason)
              values (md5(random()::text), '2025-11-25', 'walker', 0, '{}', '{}', clock_timestamp() - interval '23 hours',
                      clock_timestamp() - interval '23 hours', null, null),
                     (md5(random()::text), '2025-11-25', 'walker', 0, '{}', '{}', clock_timestamp() - interval '9 days',
                      clock_timestamp() - interval '9 days', clock_timestamp() - interval '8 days', 'client')
              """);
      booth.sweep();
      awaitGone(
          booth,
          "sessions where ended_at is null and last_used_at < clock_timestamp() - interval '1 hour'");
      awaitGone(booth, "sessions where ended_at < clock_timestamp() - interval '7 days'");
      for (var i = 0; i < 9; i++) {
        booth.send(booth.a(), visitor, booth.text("kept"));
        booth
            .db()
            .sql(
                "update trunkline.control set slot_opened_at = clock_timestamp() - interval '1 day'");
        booth.sweep();
      }
      count(booth, visitor, 1);
      visitor.hearFrom(old, booth.b(), "notifications/resources/updated"); // and not what is gone
      FaultBooth.patiently(() -> assertThat(booth.a().server().purge("nobody").left()).isZero());
    }
  },

  /// An instance comes and goes.
  COME_AND_GO {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      var c = booth.another();
      assertThat(visitor.call(c, "echo", json("{'text':'x'}")).text()).isEqualTo("x");
      FaultBooth.patiently(
          () -> assertThat(booth.a().server().instances().directory()).isNotEmpty());
      FaultBooth.patiently(() ->
          assertThat(booth.a().server().instances().find(c.server().instances().self()))
              .isPresent());
      fence(booth, c);
      c.close();
    }

    // Declared dead though it lives, it goes on under another number.
    private void fence(FaultBooth booth, Instance c) {
      var former = c.server().instances().self();
      FaultBooth.patiently(() -> {
        var _ = booth.a().server().instances().declareDead(former);
      });
      FaultBooth.await("another number", () -> !c.server().instances().self().equals(former));
    }
  },

  /// An instance dies with a call and a task; the others go on with what may run again.
  DIE {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      var c = booth.another();
      var gate = UUID.randomUUID().toString();
      var held = hold(booth, visitor, c);
      var task = begin(visitor, c, "ask_and_hold", Trio.named(gate));
      booth
          .db()
          .await(
              "exists (select from trunkline.tasks join trunkline.task_inputs using (task_key) where executor = %d)"
                  .formatted(c.id()),
              Trio.FAULT_PATIENCE); // it has done its deed, and remembered that
      c.kill();
      FaultBooth.patiently(() -> {
        var _ = booth.a().server().instances().declareDead(c.server().instances().self());
      });
      booth.sweep();
      var ended = held.begun().finish(_ -> {});
      assertThat(ended.response().path("error").path("data").path("reason").asString())
          .isEqualTo("executor_lost");
      var result = visitor.begin(booth.b(), "tasks/result", task);
      result.readTo("elicitation/create", answer(booth, visitor));
      booth.tools().gate(gate).open();
      assertThat(result.finish(answer(booth, visitor)).text()).isEqualTo("held for Ada");
      assertThat(booth.tools().gate(gate).runs()).as("runs").isEqualTo(2);
      assertThat(booth.tools().gate(gate).deeds()).as("deeds").isOne();
    }
  },

  /// An instance dies with a call that may run again, and that waits for its client.
  RERUN {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      var c = booth.another();
      var gate = UUID.randomUUID().toString();
      var params =
          json(
              "{'name':'ask_and_hold','arguments':{'name':'%s'},'_meta':{'progressToken':'p'}}",
              gate);
      var begun = visitor.begin(c, "tools/call", params);
      var asked = new CompletableFuture<JsonNode>();
      begun.readTo("elicitation/create", asked::complete);
      c.kill();
      FaultBooth.patiently(() -> {
        var _ = booth.a().server().instances().declareDead(c.server().instances().self());
      });
      booth.sweep();
      booth
          .db()
          .await(
              "exists (select from trunkline.pending_requests where outcome is null and asker <> %d)"
                  .formatted(c.id()),
              Trio.FAULT_PATIENCE);
      answer(booth, visitor).answer(asked.get());
      booth.tools().gate(gate).open();
      assertThat(begun.finish(_ -> {}).text()).isEqualTo("held for Ada");
      assertThat(booth.tools().gate(gate).deeds()).as("deeds").isOne();
    }
  },

  /// An instance is drained with a call and a task, and serves again; a session moves.
  STEER {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      visitor.listen(booth.a());
      var c = booth.another();
      var gate = UUID.randomUUID().toString();
      var asking = json("{'name':'ask_and_hold','arguments':{'name':'%s'}}", gate);
      var begun = visitor.begin(c, "tools/call", asking);
      var asked = new CompletableFuture<JsonNode>();
      begun.readTo("elicitation/create", asked::complete);
      var task = begin(visitor, c, "ask_and_hold", Trio.named(gate));
      var server = booth.a().server();
      FaultBooth.patiently(() -> {
        var _ = server.drain(c.server().instances().self());
      });
      awaitHandedOn(booth, c);
      answer(booth, visitor).answer(asked.get());
      booth.tools().gate(gate).open();
      assertThat(begun.finish(_ -> {}).text()).isEqualTo("held for Ada");
      FaultBooth.patiently(() -> {
        var _ = server.undrain(c.server().instances().self());
      });
      var result = visitor.begin(booth.b(), "tasks/result", task).finish(answer(booth, visitor));
      assertThat(result.text()).isEqualTo("held for Ada");
      move(booth, visitor);
      c.close();
    }

    private static void awaitHandedOn(FaultBooth booth, Instance from) {
      var unfinished =
          """
          exists (select from trunkline.tasks where executor = %1$d and status in ('working', 'input_required'))
          or exists (select from trunkline.streams where writer_instance = %1$d and not standalone and finished_at is null)
          """;
      booth.db().await("not (" + unfinished.formatted(from.id()) + ")", Trio.FAULT_PATIENCE);
    }

    private void move(FaultBooth booth, Visitor visitor) {
      var session = new SessionId(visitor.client().sessionId());
      var server = booth.a().server();
      FaultBooth.patiently(() -> {
        var _ = server.migrate(session.value(), booth.b().server().instances().self());
      });
      var text = booth.text("moved");
      booth.send(booth.b(), visitor, text);
      FaultBooth.await("the message", () -> visitor.hasHeard(text));
      FaultBooth.patiently(() -> assertThat(server.streams().ofSession(session)).isNotEmpty());
      FaultBooth.patiently(() -> {
        var _ = server.streams().instanceOf(session);
      });
      FaultBooth.patiently(() -> {
        var _ = server.streams().ofInstance(server.instances().self(), new StreamId(0), 10);
      });
      booth.sweep();
    }
  },

  /// An instance dies and nobody says so.
  LAPSE {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      var c = booth.another();
      var held = hold(booth, visitor, c);
      c.kill();
      var ended = held.begun().finish(_ -> {});
      assertThat(ended.response().path("error").path("data").path("reason").asString())
          .isEqualTo("executor_lost");
    }
  },

  /// Faults that make the statements of their repair come: lost answers, locks, lost connections.
  REPAIR {
    @Override
    void run(FaultBooth booth) throws Exception {
      var visitor = booth.visitor(booth.a());
      visitor.listen(booth.b());
      var texts = Stream.of("lost", "heard", "locked", "after").map(booth::text).toList();
      try (var one = booth.proxy().arm("outbound_messages.publish_alone", new AnswerLost());
          var opened = booth.proxy().arm("streams.open", new AnswerLost());
          var two = booth.proxy().arm("announcements.append", new AnswerLost());
          var _ = booth.proxy().arm("sessions.touch", new Refused("55P03"))) {
        booth.send(booth.a(), visitor, texts.get(0));
        FaultBooth.await("one", () -> visitor.hasHeard(texts.get(0)));
        booth.broadcast(booth.a(), texts.get(1));
        FaultBooth.await("all's", () -> visitor.hasHeard(texts.get(1)));
        LockedStream.sendTo(booth, visitor, texts.get(2));
        count(booth, visitor, 1); // on connections that live: its answer is lost, and looked for
        booth.db().terminateBackends("trunkline%");
        count(booth, visitor, 1);
        assertThat(one.left() + two.left() + opened.left()).isZero();
      }
      booth.send(booth.b(), visitor, texts.get(3));
      FaultBooth.await("all", () -> texts.stream().allMatch(visitor::hasHeard));
    }
  };

  abstract void run(FaultBooth booth) throws Exception;

  private record Held(Visitor.Begun begun, String gate) {}

  private static Held hold(FaultBooth booth, Visitor visitor, Instance at)
      throws InterruptedException {
    var gate = UUID.randomUUID().toString();
    var begun =
        visitor.begin(at, "tools/call", json("{'name':'hold','arguments':{'name':'%s'}}", gate));
    begun.readTo("begun " + gate, _ -> {});
    booth.tools().gate(gate).awaitBegun();
    return new Held(begun, gate);
  }

  /// A streamed call whose messages come once and in order.
  private static void count(FaultBooth booth, Visitor visitor, int to) throws InterruptedException {
    var counted = visitor.call(booth.b(), "count", json("{'to':%d}", to));
    assertThat(counted.text()).isEqualTo("counted " + to);
    assertThat(counted.labels())
        .containsExactlyElementsOf(
            Stream.concat(
                    IntStream.rangeClosed(1, to)
                        .boxed()
                        .flatMap(i -> Stream.of("progress " + i, "count " + i)),
                    Stream.of("response"))
                .toList());
  }

  private static String begin(Visitor visitor, Instance at, String tool, String arguments)
      throws InterruptedException {
    var params = json("{'name':'%s','arguments':%s,'task':{}}", tool, arguments);
    var task = visitor.result(at, "tools/call", params).path("task");
    return json("{'taskId':'%s'}", task.path("taskId").asString());
  }

  /// The answers of a willing client, given on the second instance.
  private static Visitor.Answering answer(FaultBooth booth, Visitor visitor) {
    return question -> {
      var result =
          switch (question.path("method").asString()) {
            case "elicitation/create" -> Trio.ADA;
            case "roots/list" -> json("{'roots':[{'uri':'file:///w'}]}");
            default ->
                json("{'role':'assistant','model':'m','content':{'type':'text','text':'hi'}}");
          };
      accepted(visitor.client().on(booth.b()).respond(question, result).status());
    };
  }

  private static void accept(Visitor visitor, Instance at, String method, String params) {
    accepted(visitor.client().on(at).notify(method, params).status());
  }

  private static void accepted(int status) {
    assertThat(status).isEqualTo(202);
  }

  private static void awaitGone(FaultBooth booth, String what) {
    booth.db().await("not exists (select from trunkline." + what + ")", Trio.FAULT_PATIENCE);
  }
}
