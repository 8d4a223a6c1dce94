package trunkline.chaos;

import static trunkline.testing.Json.json;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.SseEvent;

/// A client as a careful one is: it has one session and one standalone stream, comes back with
/// `Last-Event-ID` when the stream breaks or says nothing for long, and takes down what it hears.
///
/// A text is `<to>/<kind>/<number>`; what is sent in one way to one guest has one order.
final class Guest implements AutoCloseable {
  static final String REVISION = "2025-11-25";

  /// Five keep-alives.
  static final long SILENCE_MILLIS_MAX = 5_000;

  private static final long RETRY_MILLIS = 250;

  final String name;
  final McpTestClient client = new McpTestClient();
  private final URI door;
  private final History history;
  private final Gaps gaps;
  private final Tally tally;
  private volatile @Nullable String last;
  private volatile long heardAt;

  /// The number of the latest text of each kind that was sent here.
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();

  Guest(String name, URI door, History history, Gaps gaps, Tally tally)
      throws InterruptedException {
    this.name = name;
    this.door = door;
    this.history = history;
    this.gaps = gaps;
    this.tally = tally;
    client.on(door).connect(REVISION, json("{'elicitation':{}}"));
  }

  McpTestClient.On server() {
    return client.on(door);
  }

  /// The next text of this kind to it.
  String text(String kind) {
    return name + "/" + kind + "/" + sent.merge(kind, 1, Integer::sum);
  }

  /// The stream of the history that such a text belongs to.
  String stream(String kind) {
    return name + "/" + kind;
  }

  /// Keeps the stream open until the end of the run.
  void listen(Pause pause) {
    while (!pause.isOver()) {
      try (var reply = server().follow(last, this::heard)) {
        if (reply.isStream()) {
          follow(reply.sse(), pause);
        } else {
          tally.count("GET answered " + reply.status());
        }
      } catch (UncheckedIOException _) {
        tally.count("GET broken");
      }
      var _ = pause.of(RETRY_MILLIS);
    }
  }

  private void follow(RawSse stream, Pause pause) {
    heardAt = System.nanoTime();
    var comments = stream.commentCount();
    while (!stream.isEnded() && !pause.isOver() && !isSilent()) {
      var _ = pause.of(50);
      if (stream.commentCount() != comments) {
        comments = stream.commentCount();
        heardAt = System.nanoTime();
      }
    }
    finish(stream);
  }

  private boolean isSilent() {
    return System.nanoTime() - heardAt > SILENCE_MILLIS_MAX * 1_000_000;
  }

  /// What has arrived is taken down before the place to go on from is read.
  static void finish(RawSse stream) {
    stream.close();
    try {
      stream.awaitEnd(RawSse.PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(SseEvent event) {
    heardAt = System.nanoTime();
    if (event.isMessage()) {
      takeDown(event, event.message());
    }
    if (event.id() != null) {
      last = event.id();
    }
  }

  private void takeDown(SseEvent event, JsonNode message) {
    var text = message.path("params").path("data").asString("");
    var parts = text.split("/", -1);
    if (parts.length != 3) {
      tally.count("on a stream: " + message.path("method").asString("a response"));
      return;
    }
    gaps.heard(name);
    history.delivered(stream(parts[1]), text, event.requireId(), name);
  }

  @Override
  public void close() {
    client.close();
  }
}
