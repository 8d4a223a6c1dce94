package trunkline.protocol.round;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.RpcError;
import trunkline.store.Interruption;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;

/// What a request without a session says to its client, on its way to the connection's thread: one
/// JSON document, or an event stream if something comes before it. Nothing of it is stored: it ends
/// with its connection (MCP 2026-07-28, Streamable HTTP).
public final class ResponseStream {
  /// How much may wait for a client that reads slowly; whoever says more waits as well.
  static final int WAITING_BYTES_MAX = 256 * 1024;

  /// A client that vanished is noticed by the second write into nothing.
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final Runnable onGone;
  private long waitingBytes;
  private volatile @Nullable Answer answer; // changed with the lock alone
  private boolean over;
  private boolean rung;

  /// The end.
  ///
  /// @param error what the body says, if it is one
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(@Nullable RpcError error, byte[] body) {}

  /// @param onGone the client is gone, or its connection is: nobody waits for the request any more
  public ResponseStream(Runnable onGone) {
    this.onGone = onGone;
  }

  /// Says something before the end; waits while too much waits already.
  ///
  /// @throws CancellationException when nobody hears it any more
  public void say(byte[] message) {
    lock.lock();
    try {
      while (waitingBytes > WAITING_BYTES_MAX && !over) {
        changed.await();
      }
      if (over || answer != null) {
        throw new CancellationException("the request is over");
      }
      waiting.add(message);
      waitingBytes += message.length;
      changed.signalAll();
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while the client reads slowly", e);
    } finally {
      lock.unlock();
    }
  }

  /// Ends it; a second end is dropped.
  public void end(Answer last) {
    lock.lock();
    try {
      if (answer == null) {
        answer = last;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the request is answered or says something, at most so long.
  ///
  /// @return its answer, if that came first
  public Optional<Answer> await(Duration patience) throws InterruptedException {
    Moment.until(() -> answer != null);
    lock.lock();
    try {
      var left = patience.toNanos();
      while (answer == null && waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return waiting.isEmpty() ? Optional.ofNullable(answer) : Optional.empty();
    } catch (InterruptedException e) {
      abandon();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Writes it to the client. Where nothing is said a comment shows from time to time whether the
  /// client is still there: to close the connection is how it cancels.
  public void feed(Outlet client) throws InterruptedException {
    client.whenQuiet(this::ring);
    try {
      while (true) {
        var ended = write(client);
        client.flush();
        if (ended) {
          return;
        }
        awaitMore();
      }
    } catch (ClientGone | InterruptedException e) {
      abandon();
      throw e;
    }
  }

  /// @return whether that was all
  private boolean write(Outlet client) {
    List<byte[]> next;
    Answer last;
    lock.lock();
    try {
      next = new ArrayList<>(waiting);
      waiting.clear();
      waitingBytes = 0;
      last = answer;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    next.forEach(message -> client.message(null, message));
    if (last != null) {
      client.message(null, last.body());
    } else if (next.isEmpty()) {
      client.comment();
    }
    return last != null;
  }

  private void awaitMore() throws InterruptedException {
    lock.lock();
    try {
      var left = PROBE.toNanos();
      while (answer == null && waiting.isEmpty() && !rung && left > 0) {
        left = changed.awaitNanos(left);
      }
      rung = false;
    } finally {
      lock.unlock();
    }
  }

  private void ring() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void abandon() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onGone.run();
  }
}
