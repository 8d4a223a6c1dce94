package trunkline.chaos;

import static trunkline.testing.Json.json;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.testing.History;
import trunkline.testing.RawSse;
import trunkline.testing.SseEvent;

/// The stream of one call, across however many connections, up to its response. The user's answers
/// go wherever the balancer sends them.
final class CallStream {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long SECONDS_MAX = 150;
  private static final long RETRY_MILLIS = 200;
  private static final int NOTHING_TO_COME = 405;

  private final Guest guest;
  private final String key;
  private final long id;
  private final History history;
  private final Tally tally;
  private final Pause end;
  private @Nullable String last;
  private @Nullable JsonNode response;
  private double progress;

  CallStream(Guest guest, String key, long id, History history, Tally tally, Pause end) {
    this.guest = guest;
    this.key = key;
    this.id = id;
    this.history = history;
    this.tally = tally;
    this.end = end;
  }

  /// The response, or null when there was none; the history knows whether there should have been.
  @Nullable JsonNode response(RawSse first) throws InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    read(first);
    while (response == null && last != null && System.nanoTime() - until < 0) {
      if (!end.of(RETRY_MILLIS) || isOver()) {
        break;
      }
    }
    return response;
  }

  /// Goes on in another connection.
  private boolean isOver() throws InterruptedException {
    try (var reply = guest.server().follow(last, null)) {
      if (reply.isStream()) {
        tally.count("call streams resumed");
        read(reply.sse());
        return false;
      }
      tally.count("GET of a call answered " + reply.status());
      return reply.status() == NOTHING_TO_COME;
    } catch (UncheckedIOException _) {
      tally.count("GET broken");
      return false;
    }
  }

  /// Reads to the end of the connection, or until it has been silent for long.
  private void read(RawSse stream) throws InterruptedException {
    var heardAt = System.nanoTime();
    var comments = 0;
    while (System.nanoTime() - heardAt < Guest.SILENCE_MILLIS_MAX * 1_000_000) {
      var event = next(stream);
      if (event == null && stream.isEnded()) {
        break;
      }
      if (event != null || stream.commentCount() != comments) {
        comments = stream.commentCount();
        heardAt = System.nanoTime();
      }
      if (event != null) {
        heard(event);
      }
    }
    Guest.finish(stream);
    for (var event = next(stream); event != null; event = next(stream)) {
      heard(event);
    }
  }

  private static @Nullable SseEvent next(RawSse stream) throws InterruptedException {
    try {
      return stream.next(LOOK);
    } catch (AssertionError _) {
      return null; // none in time, or the end
    }
  }

  private void heard(SseEvent event) {
    if (event.id() != null && last == null) {
      history.acknowledged(key, Caller.FINAL); // from here on it can be fetched
    }
    if (event.id() != null) {
      last = event.id();
    }
    if (event.isMessage()) {
      heard(event, event.message());
    }
  }

  private void heard(SseEvent event, JsonNode message) {
    var method = message.path("method").asString("");
    if (method.equals("elicitation/create")) {
      Thread.startVirtualThread(() -> answer(message));
    } else if (method.equals("notifications/progress")) {
      var now = message.path("params").path("progress").asDouble();
      if (now <= progress) {
        tally.wrong("%s: progress %s came after %s".formatted(key, now, progress));
      }
      progress = now;
    } else if (message.has("id")) {
      if (message.path("id").asLong() != id) {
        tally.wrong("%s got the response to another request: %s".formatted(key, message));
      }
      history.delivered(key, Caller.FINAL, event.requireId(), guest.name);
      response = message;
    }
  }

  /// Until somebody has taken it: the first that counts, the others change nothing.
  private void answer(JsonNode question) {
    var olives =
        json(
            "{'action':'accept','content':{'size':'LARGE','toppings':['OLIVES'],'glutenFree':false}}");
    do {
      try (var reply = guest.server().respond(question, olives)) {
        if (reply.status() == 202) {
          return;
        }
        tally.count("answer answered " + reply.status());
      } catch (UncheckedIOException _) {
        tally.count("answer broken: given again");
      }
    } while (end.of(RETRY_MILLIS));
  }
}
