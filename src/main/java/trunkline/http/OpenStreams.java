package trunkline.http;

import io.helidon.http.Status;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// The streams that last, of GETs and of `subscriptions/listen`, that are open at once: no more
/// than the heap bears. A crowd of clients that only listen must not end the process under those
/// that call.
///
/// Streams of calls are not counted here: `--calls-max` bounds them.
final class OpenStreams {
  /// About 27 KB of the heap, where a GET takes 12.5.
  private static final int LISTEN_PLACES = 2;

  private final int max;
  private final Semaphore places;

  OpenStreams(int max) {
    this.max = max;
    this.places = new Semaphore(max);
  }

  /// Whoever has it may stream until it is closed.
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /// @throws HttpProblem when there is none left: another instance, or this one later, may have one
  Place take() {
    return take(1);
  }

  /// The same for a POST that lasts, which keeps the stack and the buffers of its request.
  Place takeListen() {
    return take(LISTEN_PLACES);
  }

  private Place take(int wanted) {
    var taken = Math.min(wanted, max);
    if (!places.tryAcquire(taken)) {
      throw new HttpProblem(
          Status.SERVICE_UNAVAILABLE_503,
          "this instance holds " + max + " streams, as many as its heap bears; try again later",
          Map.of("Retry-After", Replies.retryAfter()));
    }
    return () -> places.release(taken);
  }
}
