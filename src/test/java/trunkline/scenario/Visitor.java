package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.SseEvent;
import trunkline.testing.TestCluster.Instance;

/// A client as the specification wants one: it comes back to a stream that ended, with the last
/// event's id and on the other instance, until it has what it waits for. It sends no request twice,
/// so each must be answered, once, with a result.
final class Visitor implements AutoCloseable {
  private static final AtomicLong NEXT = new AtomicLong();

  private final McpTestClient client;
  private final List<Instance> instances;
  private final History history;
  private final Consumer<String> complaints;
  private final Queue<JsonNode> heard = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Listening listening;
  private volatile boolean leaving;

  /// @param complaints gets what no client should see
  Visitor(
      McpTestClient client,
      List<Instance> instances,
      History history,
      Consumer<String> complaints) {
    this.client = client;
    this.instances = instances;
    this.history = history;
    this.complaints = complaints;
  }

  McpTestClient client() {
    return client;
  }

  /// The name of its session's stream in the history.
  String stream() {
    return client.sessionId();
  }

  /// Opens the standalone stream without a word about what it has seen, and lets go of the one
  /// before.
  void listen(Instance at) throws InterruptedException {
    var former = listening;
    if (former != null) {
      former.replaced = true;
    }
    var begun = new Listening(at);
    listening = begun;
    begun.opened.await();
  }

  /// Its standalone stream, for as long as it is not replaced.
  private final class Listening {
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean replaced;

    Listening(Instance first) {
      Thread.ofVirtual().name("visitor").start(() -> read(first));
    }

    private void read(Instance first) {
      String last = null;
      var at = first;
      try {
        while (!leaving && !replaced) {
          var reply = client.on(at).follow(last, this::hear);
          if (!reply.isStream()) {
            complain("GET was answered " + reply.status() + " " + reply.body());
            return;
          }
          opened.countDown();
          reply.sse().awaitEnd(Trio.FAULT_PATIENCE.multipliedBy(10));
          last = reply.sse().lastEventId() == null ? last : reply.sse().lastEventId();
          at = other(at);
        }
      } catch (UncheckedIOException e) {
        complain("GET failed: " + e.getMessage());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        opened.countDown();
      }
    }

    private void complain(String problem) {
      if (!leaving && !replaced) {
        complaints.accept(problem);
      }
    }

    private void hear(SseEvent event) {
      if (!event.isMessage()) {
        return;
      }
      var message = event.message();
      if (message.path("method").asString("").equals("notifications/message")) {
        history.delivered(stream(), event.log(), event.requireId(), "standalone");
      }
      heard.add(message);
    }
  }

  Instance other(Instance than) {
    return instances.get(0) == than ? instances.get(1) : instances.get(0);
  }

  /// How many messages of the method came on the standalone stream.
  long heard(String method) {
    return heard.stream().filter(m -> m.path("method").asString("").equals(method)).count();
  }

  /// Whether the text came on the standalone stream.
  boolean hasHeard(String text) {
    return heard.stream().anyMatch(m -> m.path("params").path("data").asString("").equals(text));
  }

  /// A question of the server, with the answer.
  @FunctionalInterface
  interface Answering {
    void answer(JsonNode question) throws InterruptedException;
  }

  /// What a call brought: the labels of its messages, and its response.
  record Brought(List<String> labels, JsonNode response) {
    String text() {
      assertThat(response.has("result")).as("a result, not %s", response).isTrue();
      return Reply.text(response.path("result"));
    }
  }

  JsonNode result(Instance at, String method, String params) throws InterruptedException {
    var response = request(at, method, params).response();
    assertThat(response.has("result")).as("a result of %s, not %s", method, response).isTrue();
    return response.path("result");
  }

  /// Calls a tool whose client is asked nothing.
  Brought call(Instance at, String tool, String arguments) throws InterruptedException {
    return call(
        at,
        tool,
        arguments,
        question -> {
          throw new AssertionError("nobody expected " + question);
        });
  }

  Brought call(Instance at, String tool, String arguments, Answering answering)
      throws InterruptedException {
    var params =
        json("{'name':'%s','arguments':%s,'_meta':{'progressToken':'p'}}", tool, arguments);
    return begin(at, "tools/call", params).finish(answering);
  }

  Brought request(Instance at, String method, String params) throws InterruptedException {
    return begin(at, method, params).finish(_ -> {});
  }

  /// Sends a request; what comes is read by `finish`.
  Begun begin(Instance at, String method, String params) {
    var id = NEXT.incrementAndGet();
    return new Begun(at, id, client.on(at).requestAs(Long.toString(id), method, params));
  }

  /// A request that was sent, and the reading of what comes.
  final class Begun {
    private Instance at;
    private final long id;
    private @Nullable RawSse stream;
    private final @Nullable JsonNode body;
    private final List<String> labels = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private @Nullable JsonNode response;

    private Begun(Instance at, long id, Reply reply) {
      this.at = at;
      this.id = id;
      assertThat(reply.status())
          .as("the status of request %s: %s", id, reply.body())
          .isEqualTo(200);
      this.stream = reply.stream();
      this.body = reply.isStream() ? null : reply.json();
    }

    long id() {
      return id;
    }

    /// The stream as it is; null when the answer was a body.
    @Nullable RawSse stream() {
      return stream;
    }

    /// Goes on elsewhere with a second connection.
    void resume(Instance elsewhere) {
      at = elsewhere;
      stream = client.on(at).resume(require(stream).requireLastEventId()).sse();
    }

    /// Reads up to the message with the label, which a response has not.
    void readTo(String label, Answering answering) throws InterruptedException {
      while (!labels.contains(label)) {
        assertThat(response).as("the response, before " + label + " of " + labels).isNull();
        step(answering);
      }
    }

    Brought finish(Answering answering) throws InterruptedException {
      if (body != null) {
        labels.add("response");
        return new Brought(labels, body);
      }
      while (response == null) {
        step(answering);
      }
      requireNothingMore();
      assertThat(ids).as("ids of request %s", id).doesNotHaveDuplicates();
      return new Brought(labels, response);
    }

    private void requireNothingMore() throws InterruptedException {
      var rest = require(stream);
      rest.awaitEnd(Trio.FAULT_PATIENCE);
      rest.requireSilence(Duration.ZERO);
    }

    private void step(Answering answering) throws InterruptedException {
      var current = require(stream);
      SseEvent event;
      try {
        event = current.nextMessageEvent(Trio.FAULT_PATIENCE);
      } catch (AssertionError e) {
        if (!current.isEnded()) {
          throw new AssertionError("request " + id + " after " + labels + ": " + e.getMessage(), e);
        }
        comeBack(current);
        return;
      }
      ids.add(event.requireId());
      take(event.message(), answering);
    }

    private void comeBack(RawSse ended) {
      at = other(at);
      var reply = client.on(at).resume(ended.requireLastEventId());
      if (!reply.isStream()) {
        throw new AssertionError(
            "request " + id + " has no response after " + labels + "; resumed: " + reply);
      }
      stream = reply.sse();
    }

    private void take(JsonNode message, Answering answering) throws InterruptedException {
      var method = message.path("method").asString("");
      switch (method) {
        case "" -> {
          assertThat(message.path("id").asLong()).isEqualTo(id);
          labels.add("response");
          response = message;
        }
        case "notifications/message" -> labels.add(message.path("params").path("data").asString());
        case "notifications/progress" ->
            labels.add("progress " + message.path("params").path("progress").asInt());
        default -> labels.add(method);
      }
      if (!method.isEmpty() && message.has("id")) {
        answering.answer(message);
      }
    }

    private RawSse require(@Nullable RawSse open) {
      if (open == null) {
        throw new AssertionError("request " + id + " was answered at once: " + body);
      }
      return open;
    }
  }

  /// Its connections end; its session does not.
  @Override
  public void close() {
    leaving = true;
    client.close();
  }
}
