package trunkline.testkit;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// The stream that a client listens to. Where it breaks, because its instance was killed, it is
/// opened again on another one, until the client is closed or the server has no such stream.
final class Listening implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);

  /// So long without an instance that answers.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountDownLatch closed = new CountDownLatch(1);

  /// Opens the stream once more.
  @FunctionalInterface
  interface Opening {
    /// The stream; empty when the server says that there is none.
    ///
    /// @param broken the former one
    /// @throws UncheckedIOException when nobody answers now
    Optional<Events> after(Events broken) throws InterruptedException;
  }

  /// Hears a message.
  @FunctionalInterface
  interface Ear {
    void hear(ObjectNode message) throws InterruptedException;
  }

  /// Hears from now on, on a thread of its own.
  void start(Events first, Opening opening, Ear ear) {
    Thread.ofVirtual()
        .name("mcp-test-client-listens")
        .start(() -> {
          try {
            follow(first, opening, ear);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (UncheckedIOException _) {
            // the servers, or the client, are closed
          }
        });
  }

  private void follow(Events first, Opening opening, Ear ear) throws InterruptedException {
    var events = Optional.of(first);
    while (events.isPresent()) {
      var open = events.get();
      try (open) {
        for (var next = open.next(); next.isPresent(); next = open.next()) {
          ear.hear(next.get());
        }
      }
      events = again(open, opening);
    }
  }

  private Optional<Events> again(Events broken, Opening opening) throws InterruptedException {
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (closed.getCount() > 0) {
      try {
        return opening.after(broken);
      } catch (UncheckedIOException e) {
        if (System.nanoTime() - until >= 0) {
          throw e;
        }
      }
      var _ = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
