package trunkline.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import trunkline.tls.HandshakeBound.Outcome;
import trunkline.tls.HandshakeBound.Pending;

/// The TCP connection below a TLS one. It knows when its handshake begins and ends, and answers
/// whoever speaks HTTP without TLS in words of HTTP.
///
/// Used by the connection's own thread; only who closes it may be another one.
final class SocketBelow extends Socket {
  private static final ThreadLocal<@Nullable SocketBelow> HERE = new ThreadLocal<>();

  /// More than certificates of a client and of all who signed them.
  private static final int HANDSHAKE_BYTES_MAX = 256 * 1024;

  /// The time to go on reading what such a client sends: a reset would overtake the answer.
  private static final Duration LINGER = Duration.ofSeconds(1);

  private static final int DROPPED_BYTES_MAX = 64 * 1024;

  private final HandshakeBound bound;
  private @Nullable Pending pending;
  private Outcome outcome = Outcome.SILENT;
  private volatile boolean done;
  private int bytes;

  SocketBelow(HandshakeBound bound) throws SocketException {
    this.bound = bound;
    super((SocketImpl) null);
  }

  /// The handshake of the calling thread's connection is done, if it has one.
  static void handshakeDone() {
    var here = HERE.get();
    if (here != null) {
      HERE.remove();
      here.end(Outcome.DONE);
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Incoming(super.getInputStream());
  }

  private synchronized Pending begin() {
    var beginning = pending;
    if (beginning == null) {
      HERE.set(this);
      beginning = bound.begin();
      pending = beginning;
    }
    return beginning;
  }

  private synchronized void end(Outcome how) {
    done = true;
    var ending = pending;
    pending = null;
    if (ending != null) {
      ending.end(how);
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    end(outcome);
  }

  /// What TLS reads.
  private final class Incoming extends FilterInputStream {
    Incoming(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (done) {
        return in.read(into, from, length);
      }
      var handshake = begin();
      var read = in.read(into, from, length);
      if (read <= 0) {
        return read;
      }
      if (bytes == 0) {
        outcome = Outcome.FAILED;
        handshake.heard();
        if (into[from] >= 'A' && into[from] <= 'Z') { // TLS begins with 22, a method with a letter
          answerPlain();
        }
      }
      bytes += read;
      if (bytes > HANDSHAKE_BYTES_MAX) {
        throw new SSLException("the handshake does not end");
      }
      return read;
    }

    private void answerPlain() throws IOException {
      outcome = Outcome.PLAIN;
      getOutputStream().write(bound.plainAnswer());
      shutdownOutput();
      setSoTimeout((int) LINGER.toMillis());
      var dropped = new byte[8 * 1024];
      for (var left = DROPPED_BYTES_MAX; left > 0; ) {
        var read = in.read(dropped);
        if (read < 0) {
          break;
        }
        left -= read;
      }
      throw new SSLException("HTTP without TLS");
    }
  }
}
