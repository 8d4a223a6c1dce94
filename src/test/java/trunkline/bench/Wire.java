package trunkline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A connection: one request at a time. Of its reactor's thread, once it is there; until then its
/// reads block, and a [Watchdog] ends those that wait too long.
final class Wire implements AutoCloseable {
  private final SocketChannel channel;
  private final Responses responses = new Responses();
  private @Nullable Answer asked;
  private boolean blocks = true;
  private long expectedNanos;

  /// As long as its reader waits, since when it does; 0 otherwise.
  private volatile long waitingNanos;

  private Wire(SocketChannel channel) {
    this.channel = channel;
  }

  static Wire to(InetSocketAddress address) throws IOException {
    var channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var wire = new Wire(channel);
    Watchdog.watch(wire);
    return wire;
  }

  /// Reads return at once from now on: a reactor's.
  void unblock() throws IOException {
    Watchdog.leave(this);
    blocks = false;
    channel.configureBlocking(false);
  }

  SocketChannel channel() {
    return channel;
  }

  /// Small requests fit into the socket's buffer.
  void send(ByteBuffer request, Answer answer) throws IOException {
    asked = answer;
    expect();
    while (request.hasRemaining()) {
      if (channel.write(request) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /// Something is due from now on; of a stream that was asked for long ago.
  void expect() {
    expectedNanos = System.nanoTime();
  }

  /// Reads what there is.
  ///
  /// @return false when the other side has closed
  boolean read(ByteBuffer buffer) throws IOException {
    buffer.clear();
    if ((blocks ? readPatiently(buffer) : channel.read(buffer)) < 0) {
      return false;
    }
    buffer.flip();
    var answer = asked;
    if (answer != null) {
      responses.read(buffer, answer);
    }
    return true;
  }

  /// Reads, and fails when the other side has closed.
  void requireRead(ByteBuffer buffer) throws IOException {
    if (!read(buffer)) {
      throw new EOFException("the server closed the connection");
    }
  }

  private int readPatiently(ByteBuffer buffer) throws IOException {
    waitingNanos = expectedNanos;
    try {
      return channel.read(buffer);
    } catch (AsynchronousCloseException e) {
      throw new IOException("no answer within " + Patience.SECONDS + " s", e);
    } finally {
      waitingNanos = 0;
    }
  }

  /// Of the watchdog's thread.
  void closeIfOverdue(long nowNanos, long patienceNanos) {
    var since = waitingNanos;
    if (since != 0 && nowNanos - since > patienceNanos) {
      close();
    }
  }

  void broken(Exception why) {
    close();
    var answer = asked;
    if (answer != null) {
      asked = null;
      answer.broken(why);
    }
  }

  @Override
  public void close() {
    Watchdog.leave(this);
    try {
      channel.close();
    } catch (IOException _) {
      // gone either way
    }
  }
}
