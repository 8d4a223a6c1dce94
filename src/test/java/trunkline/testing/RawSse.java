package trunkline.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The client's end of an SSE stream, read line by line on a virtual thread of its own. Nothing is
/// repaired and nothing reconnects: a test sees exactly what the server sent.
public final class RawSse implements AutoCloseable {
  /// The limit of the methods that have none.
  public static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final int COMMENTS_KEPT = 100;

  private final HttpConnection connection;
  private final Consumer<SseEvent> sink;
  private final BlockingQueue<SseEvent> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private final AtomicInteger commentCount = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Semaphore reading = new Semaphore(1);
  private final boolean kept;
  private volatile @Nullable String lastEventId;
  private volatile @Nullable Long retry;
  private volatile boolean closed;
  private volatile @Nullable IOException failure;

  /// @param sink gets each event on the reading thread; the events are not queued then
  /// @param listener also gets each event, before
  RawSse(
      HttpConnection connection,
      InputStream body,
      @Nullable Consumer<SseEvent> sink,
      Consumer<SseEvent> listener) {
    this.connection = connection;
    this.kept = sink == null;
    this.sink = listener.andThen(sink == null ? events::add : sink);
    Thread.ofVirtual().name("sse").start(() -> read(body));
  }

  /// The next event, priming ones included; fails the test when none comes in time.
  public SseEvent next(Duration patience) throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      // Read first: events before the end are in the queue by then.
      var over = isEnded();
      var event = events.poll(over ? 0 : 20, TimeUnit.MILLISECONDS);
      if (event != null) {
        return event;
      }
      if (over) {
        throw new AssertionError("the stream ended; last event id " + lastEventId, failure);
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no event within " + patience + "; last event id " + lastEventId);
      }
    }
  }

  public SseEvent next() throws InterruptedException {
    return next(PATIENCE);
  }

  /// The next event that carries a message.
  public SseEvent nextMessageEvent(Duration patience) throws InterruptedException {
    var event = next(patience);
    while (!event.isMessage()) {
      event = next(patience);
    }
    return event;
  }

  public JsonNode nextMessage(Duration patience) throws InterruptedException {
    return nextMessageEvent(patience).message();
  }

  public JsonNode nextMessage() throws InterruptedException {
    return nextMessage(PATIENCE);
  }

  /// The next message with this method; others before it are skipped.
  public JsonNode nextMessage(String method) throws InterruptedException {
    var message = nextMessage();
    while (!message.path("method").asString("").equals(method)) {
      message = nextMessage();
    }
    return message;
  }

  /// The text of the next log message; others before it are skipped.
  public String nextLog() throws InterruptedException {
    return nextMessage("notifications/message").path("params").path("data").asString();
  }

  /// The response to a request; messages before it are skipped.
  public JsonNode nextResponse() throws InterruptedException {
    var message = nextMessage();
    while (!message.has("result") && !message.has("error")) {
      message = nextMessage();
    }
    return message;
  }

  /// Fails when a message comes within the time. Absence has no event to wait for: keep it short
  /// and prefer a later message as proof.
  public void requireSilence(Duration time) throws InterruptedException {
    requireSilence(time, _ -> false);
  }

  /// The same, but for one log message of this text.
  public void requireSilenceBut(String text, Duration time) throws InterruptedException {
    requireSilence(time, event -> event.log().equals(text));
  }

  private void requireSilence(Duration time, Predicate<SseEvent> allowed)
      throws InterruptedException {
    var event = events.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    while (event != null && (!event.isMessage() || allowed.test(event))) {
      event = events.poll();
    }
    if (event != null) {
      throw new AssertionError("expected silence, got " + event);
    }
  }

  /// Waits for the next comment (a keep-alive).
  public String nextComment(Duration patience) throws InterruptedException {
    var comment = comments.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (comment == null) {
      throw new AssertionError("no comment within " + patience);
    }
    return comment;
  }

  public int commentCount() {
    return commentCount.get();
  }

  /// The id of the latest event that had one: the one a client resumes with.
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  /// As [#lastEventId()], where there must be one.
  public String requireLastEventId() {
    var id = lastEventId;
    if (id == null) {
      throw new AssertionError("the stream has sent no event id");
    }
    return id;
  }

  /// All ids so far in order; empty when a sink takes the events.
  public List<String> ids() {
    return List.copyOf(ids);
  }

  /// The latest `retry` in milliseconds.
  public @Nullable Long retry() {
    return retry;
  }

  /// Whether the stream is over: ended by the server, broken or closed here.
  public boolean isEnded() {
    return ended.getCount() == 0;
  }

  /// Waits until the stream is over.
  public void awaitEnd(Duration patience) throws InterruptedException {
    if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("the stream is still open after " + patience);
    }
  }

  /// The failure of the stream; null when the server ended it properly.
  public @Nullable IOException failure() {
    return failure;
  }

  /// Leaves everything that comes from now on in the kernel's buffers, until they are full.
  public void stopReading() {
    reading.acquireUninterruptibly();
  }

  public void goOnReading() {
    reading.release();
  }

  /// Ends the connection with a reset.
  public void reset() throws IOException {
    closed = true;
    connection.reset();
  }

  /// Goes away without a word, as clients do.
  @Override
  public void close() {
    closed = true;
    connection.close();
  }

  private void read(InputStream body) {
    try (var lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 1024)) {
      var event = new SseEvent(null, null, null, null);
      for (var line = line(lines); line != null; line = line(lines)) {
        event = line.isEmpty() ? dispatched(event) : with(event, line);
      }
    } catch (IOException e) {
      failure = closed ? null : e;
    } finally {
      connection.close();
      ended.countDown();
    }
  }

  private @Nullable String line(BufferedReader lines) throws IOException {
    reading.acquireUninterruptibly();
    reading.release();
    return lines.readLine();
  }

  private SseEvent with(SseEvent event, String line) {
    var colon = line.indexOf(':');
    var field = colon < 0 ? line : line.substring(0, colon);
    var value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    return switch (field) {
      case "" -> commented(event, value);
      case "id" -> new SseEvent(value, event.name(), event.data(), event.retry());
      case "event" -> new SseEvent(event.id(), value, event.data(), event.retry());
      case "retry" ->
          new SseEvent(event.id(), event.name(), event.data(), Long.valueOf(value.strip()));
      case "data" -> {
        var data = event.data() == null ? value : event.data() + "\n" + value;
        yield new SseEvent(event.id(), event.name(), data, event.retry());
      }
      default -> throw new AssertionError("not a line of SSE: " + line);
    };
  }

  private SseEvent commented(SseEvent event, String comment) {
    commentCount.incrementAndGet();
    if (comments.size() < COMMENTS_KEPT) {
      comments.add(comment);
    }
    return event;
  }

  private SseEvent dispatched(SseEvent event) {
    var empty = new SseEvent(null, null, null, null);
    if (event.equals(empty)) {
      return event; // the empty line after a comment
    }
    if (event.id() != null) {
      lastEventId = event.id();
      if (kept) {
        ids.add(event.id());
      }
    }
    if (event.retry() != null) {
      retry = event.retry();
    }
    sink.accept(event);
    return empty;
  }
}
