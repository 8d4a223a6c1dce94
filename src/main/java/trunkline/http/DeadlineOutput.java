package trunkline.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import trunkline.stream.ClientGone;

/// Writes to a client that may stop reading. Each slice has the whole write time-out, so a slow
/// client that still reads is kept, and one that stopped is cut off.
final class DeadlineOutput {
  static final int SLICE_BYTES = 64 * 1024;

  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final OutputStream client;
  private final SocketDeadline watch;
  private final Duration writeTimeout;

  DeadlineOutput(OutputStream client, SocketDeadline watch, Duration writeTimeout) {
    this.client = client;
    this.watch = watch;
    this.writeTimeout = writeTimeout;
  }

  void write(byte[] bytes) {
    for (var from = 0; from < bytes.length; from += SLICE_BYTES) {
      var slice = slice(bytes, from);
      guarded(() -> {
        client.write(slice);
        client.flush(); // the first write of a response waits for a second one or a flush
      });
    }
  }

  /// A copy, because Helidon 4.3 writes `offset` bytes too many of an array that it is given with
  /// an offset (`FixedBufferData.writeTo`).
  private static byte[] slice(byte[] bytes, int from) {
    return bytes.length <= SLICE_BYTES
        ? bytes
        : Arrays.copyOfRange(bytes, from, Math.min(from + SLICE_BYTES, bytes.length));
  }

  /// Runs something else that writes to the client, under the same limit.
  void guarded(Writing writing) {
    var startedNanos = System.nanoTime();
    watch.arm(writeTimeout);
    IOException failure;
    try {
      writing.run();
      failure = null;
    } catch (UncheckedIOException e) {
      failure = e.getCause();
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) { // Helidon's signals of a lost socket
      failure = new IOException(e);
    }
    if (watch.disarm()) { // cut at the last moment: the connection is closed anyway
      throw new ClientGone(
          ClientGone.Cause.SLOW, failure == null ? new IOException("cut off") : failure);
    }
    if (failure != null) {
      // One that had to wait before it failed met full buffers: the limit of TCP came before ours.
      var waited = System.nanoTime() - startedNanos > WAIT_NANOS;
      throw new ClientGone(waited ? ClientGone.Cause.SLOW : ClientGone.Cause.LEFT, failure);
    }
  }

  /// Something that writes to the client.
  @FunctionalInterface
  interface Writing {
    void run() throws IOException;
  }
}
