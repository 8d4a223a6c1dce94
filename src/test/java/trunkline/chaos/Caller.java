package trunkline.chaos;

import static trunkline.testing.Json.json;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.testing.History;
import trunkline.testing.Reply;

/// What a guest asks for, one after another, drawn from the seed: calls that report progress and
/// may run again, calls that ask the user, tasks, and messages to another guest.
final class Caller implements Runnable {
  static final String FINAL = "final";

  private static final long ANSWER_SECONDS_MAX = 150;
  private static final String BREAD = "The bread is ready.";
  private static final String EXECUTOR_LOST = "executor_lost";

  /// A call takes no third instance with it.
  private static final int RUNS_MAX = 2;

  private static final String WHISPER_KIND = "whisper";

  private final Guest guest;
  private final List<Guest> guests;
  private final History history;
  private final Tally tally;
  private final boolean runsAgain;
  private final Pause pause;
  private final Pause end;
  private final Random random;
  private int calls;

  /// @param pause ends when nothing more is begun
  /// @param end ends when nothing more is waited for
  Caller(Guest guest, Crowd crowd, Pause pause, Pause end, long seed) {
    this.guest = guest;
    this.guests = crowd.guests();
    this.history = crowd.history();
    this.tally = crowd.tally();
    this.runsAgain = crowd.runsAgain();
    this.pause = pause;
    this.end = end;
    this.random = new Random(seed);
  }

  @Override
  public void run() {
    while (pause.of(100 + random.nextInt(400))) {
      try {
        switch (random.nextInt(10)) {
          case 0, 1, 2 ->
              call("bake", "bake", json("{'seconds':%d}", 1 + random.nextInt(3)), BREAD);
          case 3, 4, 5 -> order(1 + random.nextInt(20));
          case 6, 7 -> task();
          default -> whisper(guests.get(random.nextInt(guests.size())));
        }
      } catch (UncheckedIOException | AssertionError _) {
        tally.count("POST broken: the client does not know");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void order(int guestCount) throws InterruptedException {
    call(
        "question",
        "order_pizza",
        json("{'guests':%d}", guestCount),
        guestCount + " × LARGE pizza with [OLIVES]");
  }

  /// A call whose id the client has seen ends with exactly one response.
  private void call(String kind, String tool, String arguments, String expected)
      throws InterruptedException {
    var key = guest.name + "/" + kind + "-" + ++calls;
    history.attempted(key, FINAL);
    var server = guest.server();
    try (var reply = server.callWithProgress(tool, arguments, Integer.toString(calls))) {
      var id = server.latestRequestId();
      if (reply.isStream()) {
        var stream = new CallStream(guest, key, id, history, tally, end);
        judge(kind, key, stream.response(reply.sse()), expected);
      } else if (reply.status() == 200) {
        judge(kind, key, reply.json(), expected);
      } else {
        tally.count("POST answered " + reply.status());
      }
    }
  }

  private void judge(String kind, String key, @Nullable JsonNode response, String expected) {
    if (response == null) {
      tally.count(kind + ": no answer");
    } else if (response.has("error")) {
      failed(kind, key, response.path("error"));
    } else if (!Reply.text(response.path("result")).equals(expected)) {
      tally.wrong("%s was answered %s instead of %s".formatted(key, response, expected));
    } else {
      tally.count(kind + ": answered");
    }
  }

  private void failed(String kind, String key, JsonNode error) {
    var reason = error.path("data").path("reason").asString("");
    tally.count(
        "%s: error %s"
            .formatted(kind, reason.isEmpty() ? error.path("message").asString() : reason));
    var mayRunAgain = runsAgain && kind.equals("bake");
    if (mayRunAgain
        && reason.equals(EXECUTOR_LOST)
        && error.path("data").path("runs").asInt() < RUNS_MAX) {
      tally.wrong("%s may run again and ended with %s".formatted(key, error));
    }
  }

  private void whisper(Guest to) throws InterruptedException {
    var text = to.text(WHISPER_KIND);
    history.attempted(to.stream(WHISPER_KIND), text);
    try (var reply =
        guest
            .server()
            .call("whisper", json("{'sessionId':'%s','text':'%s'}", to.client.sessionId(), text))) {
      if (reply.status() != 200) {
        tally.count("POST answered " + reply.status());
      } else if (!reply.isStream() && Reply.text(reply.json().path("result")).equals("Sent.")) {
        history.acknowledged(to.stream(WHISPER_KIND), text);
        tally.count("whisper: answered");
      } else {
        tally.count("whisper: the client does not know");
      }
    }
  }

  private void task() throws InterruptedException {
    var key = guest.name + "/task-" + ++calls;
    history.attempted(key, FINAL);
    String id;
    try (var reply =
        guest
            .server()
            .request("tools/call", json("{'name':'bake','arguments':{'seconds':1},'task':{}}"))) {
      if (reply.status() != 200) {
        tally.count("POST answered " + reply.status());
        return;
      }
      var response = reply.response();
      id = response.path("result").path("task").path("taskId").asString("");
      if (id.isEmpty()) {
        failed("task", key, response.path("error"));
        return;
      }
    }
    history.acknowledged(key, FINAL);
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
    while (System.nanoTime() - until < 0 && end.of(300)) {
      if (isFetched(key, id)) {
        return;
      }
    }
    tally.count("task: no answer");
  }

  private boolean isFetched(String key, String id) throws InterruptedException {
    try (var looked = guest.server().request("tasks/get", json("{'taskId':'%s'}", id))) {
      if (looked.status() != 200 || !looked.json().has("result")) {
        tally.count(
            "tasks/get answered " + (looked.status() == 200 ? looked.body() : looked.status()));
        return false;
      }
      var status = looked.json().path("result").path("status").asString();
      if (status.equals("working")) {
        return false;
      }
      return isJudged(key, id, status);
    } catch (UncheckedIOException | AssertionError _) {
      tally.count("tasks/… broken: asked again");
      return false;
    }
  }

  /// Fetching may fail and be tried again; the outcome of a task that has failed is its error.
  private boolean isJudged(String key, String id, String status) throws InterruptedException {
    try (var fetched = guest.server().request("tasks/result", json("{'taskId':'%s'}", id))) {
      if (fetched.status() != 200) {
        tally.count("tasks/result answered " + fetched.status());
        return false;
      }
      var response = fetched.isStream() ? fetched.response() : fetched.json();
      if (response.has("error") && status.equals("completed")) {
        tally.count("tasks/result: " + response.path("error").path("message").asString());
        return false;
      }
      history.delivered(key, FINAL, "1", guest.name);
      judge("task", key, response, BREAD);
      return true;
    }
  }
}
