package trunkline.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;

/// The client's end of a stream. Only the thread that runs the [Feed] uses it, except [#isOpen].
///
/// Frames are collected and leave with [#flush] (or earlier when there are many), so a page of
/// messages costs one write. Each writing method may throw [ClientGone]; after that the outlet is
/// closed for good.
public interface Outlet {
  /// The priming event: it carries the cursor, how long to wait before reconnecting, and no data.
  void prime(String eventId, Duration retry);

  /// Moves the client's cursor without a message: an event with an id and empty data.
  void cursor(String eventId);

  /// One message; the payload is one line of UTF-8 without CR or LF. A null id for revisions and
  /// eras whose streams cannot be resumed.
  void message(@Nullable String eventId, byte[] payload);

  /// A comment: shows that we are alive and lets a vanished client be noticed.
  void comment();

  /// The instance that the client should come back to, if it can choose or whoever is between can:
  /// a hint, which clients may ignore.
  void hint(InstanceId instance);

  /// How long the client waits before it reconnects; written before a stream is closed early.
  void retry(Duration wait);

  /// Sends what was collected.
  void flush();

  boolean isOpen();

  /// The ring is called (on another thread, must not block) each time nothing was written for half
  /// a keep-alive interval; the feed then asks [#isQuiet] and writes a comment or its cursor. So an
  /// idle stream needs no timer of its own and a vanished client is noticed within one interval.
  void whenQuiet(Runnable ring);

  /// Whether a keep-alive is due.
  boolean isQuiet();

  /// Whether the client has to go, because what let it in is over. The ring of [#whenQuiet] is
  /// called, a keep-alive is due, and each flush throws [ClientGone].
  default boolean isDismissed() {
    return false;
  }

  /// Writes a last message to a client that may be dismissed, and nothing else that was collected.
  default void goodbye(byte[] payload) {
    message(null, payload);
    flush();
  }

  /// The loop of a stream's connection thread: it writes to the outlet until the stream ends, the
  /// client is gone ([ClientGone]) or another holder took the stream over. When it returns, the
  /// response is complete.
  ///
  /// The connection's virtual thread may be interrupted; a feed waits on futures and doorbells and
  /// never runs JDBC itself.
  @FunctionalInterface
  interface Feed {
    /// Collects what is sent together with the head of the response, before it runs: something, so
    /// that the head goes out now, whenever the first message comes.
    default void begin(Outlet outlet) {
      outlet.comment();
    }

    void run(Outlet outlet) throws InterruptedException;
  }
}
