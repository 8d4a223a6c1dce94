package trunkline.scenario;

import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster.Instance;

/// A client that sends what nobody would, one request after the other, on connections it keeps.
final class FuzzingClient implements AutoCloseable {
  /// The one with most to spoil twice.
  private static final String[] REVISIONS = {
    "2025-11-25", "2025-06-18", "2025-11-25", "2025-03-26"
  };

  private static final int BODILESS_ONE_IN = 20;

  /// Above the ids among the oddities, so that a valid request has one that is not in use.
  private static final long FIRST_ID = 1_000_000;

  private final McpTestClient client =
      new McpTestClient().withHeader("X-Forwarded-User", "somebody");
  private final McpTestClient.On on;
  private final FuzzedAnswers answers;
  private final Random random;
  private final Mutations mutations;
  private final String revision;

  FuzzingClient(Instance instance, FuzzedAnswers answers, long seed) {
    this.on = client.on(instance);
    this.answers = answers;
    this.random = new Random(seed);
    this.mutations = new Mutations(random);
    this.revision = REVISIONS[(int) Math.floorMod(seed, (long) REVISIONS.length)];
  }

  void talk(int turns) throws InterruptedException {
    on.connect(revision);
    learn();
    for (var turn = 0; turn < turns; turn++) {
      if (random.nextInt(BODILESS_ONE_IN) == 0) {
        bodiless();
      } else {
        post(mutations.document(FIRST_ID + turn), mutations.headers());
      }
    }
    on.delete().close();
  }

  /// What there is to be named.
  private void learn() throws InterruptedException {
    mutations.learn(on.request("tools/list").result().path("nextCursor").asString(""));
    mutations.learn(on.request("prompts/list").result().path("nextCursor").asString("x"));
    var call = json("{'name':'keep','arguments':{'name':'a','value':1},'task':{}}");
    var task = on.request("tools/call", call).result().at("/task/taskId").asString("y");
    mutations.learn(task);
    try (var stream = on.get()) {
      if (revision.equals(REVISIONS[0])) {
        mutations.learn(String.valueOf(stream.sse().next().id()));
      }
    }
  }

  private void post(byte[] document, String... headers) {
    judge(document, () -> on.post(document, headers));
  }

  private void bodiless() {
    var headers = mutations.headers();
    if (random.nextInt(4) == 0) {
      // never the session of its own, which is needed
      var other = new String[] {"Mcp-Session-Id", mutations.eventId()};
      judge(other[1].getBytes(StandardCharsets.UTF_8), () -> on.delete(other));
    } else {
      var from = mutations.eventId();
      judge(from.getBytes(StandardCharsets.UTF_8), () -> on.get(withEventId(from, headers)));
    }
  }

  /// Unless there is an odd one among the headers already.
  private static String[] withEventId(String from, String... headers) {
    return headers.length > 0
        ? new String[] {"Last-Event-ID", from, headers[0], headers[1]}
        : new String[] {"Last-Event-ID", from};
  }

  private interface Request {
    Reply send();
  }

  private void judge(byte[] sent, Request request) {
    var begun = System.nanoTime();
    var opened = client.sessionId();
    try (var reply = request.send()) {
      answers.judge(reply, sent);
      opened = reply.headers().getOrDefault("mcp-session-id", opened);
    } catch (RuntimeException | AssertionError | InterruptedException e) {
      answers.none(e, sent);
    }
    answers.took(System.nanoTime() - begun);
    if (!opened.equals(client.sessionId())) {
      var other = opened;
      judge(sent, () -> on.delete("Mcp-Session-Id", other));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
