package trunkline.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.memory.HeldMemory;
import trunkline.memory.JsonWeight;
import trunkline.memory.MemoryShort;
import trunkline.telemetry.Turn;

/// The bytes of a connection as they arrive, each part of a request within its time.
///
/// A head has the policy's time from its first byte on. A body has the same from the moment that it
/// is waited for, and a second more for each [#BYTES_PER_SECOND] that have come: large bodies over
/// slow lines get through, drops do not. Between requests the policy's idle time holds. One that
/// trickles past its time is answered; one that fell silent is cut off a moment later.
///
/// Used by the connection's thread alone. A request that comes in one piece costs a look at the
/// clock.
final class Arrival implements Supplier<byte[]> {
  /// The slowest pace of a body, on the average.
  static final int BYTES_PER_SECOND = 16 * 1024;

  /// A head in more pieces is no client's: each costs memory besides its bytes until it is parsed.
  static final int HEAD_READS_MAX = 4096;

  /// The frames of chunks may be as long as what is in them, and somewhat longer for small bodies.
  private static final long BODY_COPIES_MAX = 2;

  private static final long BODY_BYTES_MORE = 64 * 1024;

  private static final long NANOS_PER_BYTE = Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND;
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /// The time to go on reading what a refused client sends: a reset would lose our answer.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HelidonSocket socket;
  private final Ticker wheel;
  private final Runnable onCut;
  private final long limitNanos;
  private final Duration idleMax;
  private final long bodyBytesMax;
  private final Turn turn = new Turn();
  private Part part = Part.NONE;
  private @Nullable SocketDeadline deadline;
  private long untilNanos;
  private int reads;
  private long bytes;

  /// What is awaited next.
  private enum Part {
    /// The first byte of a request.
    NONE,
    HEAD,
    BODY_START,
    BODY
  }

  Arrival(HelidonSocket socket, Ticker wheel, HttpPolicy policy, Runnable onCut) {
    this.socket = socket;
    this.wheel = wheel;
    this.limitNanos = policy.arrivalTimeout().toNanos();
    this.idleMax = policy.idleMax();
    this.bodyBytesMax = BODY_COPIES_MAX * policy.bodyBytesMax() + BODY_BYTES_MORE;
    this.onCut = onCut;
  }

  /// Serves requests of the connection, by the thread that calls; perhaps not for the first time.
  void serve(HeldMemory.Serving requests) throws InterruptedException {
    var mine = deadline;
    if (mine == null) {
      mine = new SocketDeadline(onCut);
      deadline = mine;
      wheel.add(mine);
    }
    mine.serve(requests);
  }

  void awaitRequest() {
    part = Part.NONE;
  }

  void awaitBody() {
    part = Part.BODY_START;
  }

  /// @return null at the end
  @Override
  @SuppressWarnings("NullAway") // Helidon's suppliers of bytes say the end with null
  public byte[] get() {
    return switch (part) {
      case NONE -> {
        SocketDeadline.here().armSilently(idleMax);
        var first = readArmed();
        begin(Part.HEAD);
        yield first;
      }
      case HEAD -> {
        if (++reads > HEAD_READS_MAX) {
          throw RequestReader.refusal(Status.BAD_REQUEST_400);
        }
        yield readInTime();
      }
      case BODY_START -> {
        begin(Part.BODY);
        yield readInTime();
      }
      case BODY -> readInTime();
    };
  }

  private void begin(Part next) {
    part = next;
    reads = 0;
    bytes = 0;
    untilNanos = System.nanoTime() + limitNanos;
  }

  private byte @Nullable [] readInTime() {
    var left = untilNanos - System.nanoTime();
    if (left <= 0) {
      throw RequestReader.refusal(Status.REQUEST_TIMEOUT_408);
    }
    SocketDeadline.here().arm(Duration.ofNanos(left).plus(SILENCE));
    var read = readArmed();
    if (part == Part.BODY && read != null) {
      untilNanos += read.length * NANOS_PER_BYTE;
      bytes += read.length;
      if (bytes > bodyBytesMax) {
        throw RequestReader.refusal(Status.REQUEST_ENTITY_TOO_LARGE_413);
      }
      hold(JsonWeight.ARRIVING * read.length);
      turn.worked(read.length);
    }
    return read;
  }

  private static void hold(long more) {
    try {
      HeldMemory.here().take(more);
    } catch (MemoryShort e) {
      throw RequestReader.refusal(
          e.isForEver() ? Status.REQUEST_ENTITY_TOO_LARGE_413 : Status.SERVICE_UNAVAILABLE_503);
    } catch (InterruptedException e) {
      throw new ServerConnectionException("interrupted", e);
    }
  }

  private byte @Nullable [] readArmed() {
    try {
      return read();
    } finally {
      SocketDeadline.here().disarm();
    }
  }

  private byte @Nullable [] read() {
    try {
      return socket.get();
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("the client is gone, or silent", e);
    }
  }

  /// Says goodbye as TLS does: a write, which has a moment. Without TLS closing takes no time.
  void close() {
    if (deadline != null) {
      wheel.remove(deadline);
    }
    if (!socket.isSecure()) {
      return;
    }
    var goodbye = new SocketDeadline(() -> {});
    wheel.add(goodbye);
    goodbye.arm(LINGER);
    try {
      socket.close();
    } catch (UncheckedIOException _) {
      // Closed either way.
    } finally {
      goodbye.disarm();
      wheel.remove(goodbye);
    }
  }

  /// Takes what still comes after the last answer, for a moment and up to as much as a body, and
  /// drops it: closing at once would reset the connection, and the answer might not be read.
  void drain() {
    var until = System.nanoTime() + LINGER.toNanos();
    var goodbye = new SocketDeadline(() -> {});
    wheel.add(goodbye);
    goodbye.arm(LINGER);
    try {
      var left = bodyBytesMax;
      while (left > 0 && System.nanoTime() - until < 0) {
        var dropped = socket.get();
        if (dropped == null) {
          return;
        }
        left -= dropped.length;
        turn.worked(dropped.length);
      }
    } catch (UncheckedIOException _) {
      // Closed either way.
    } finally {
      goodbye.disarm();
      wheel.remove(goodbye);
    }
  }
}
