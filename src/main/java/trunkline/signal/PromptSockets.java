package trunkline.signal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/// Sockets for the connection that LISTENs, on which the driver's question for more costs nothing.
///
/// When a notification has come, the driver asks for a second one by a read that waits one
/// millisecond, and only then returns the first: 1.1 of the 2.4 ms between a commit and the select
/// elsewhere. Here a read that may wait so little ends at once when nothing has arrived. TLS lies
/// above these sockets, and asks them in the same way.
public final class PromptSockets extends SocketFactory {
  /// What the driver sets for that read, and for no other.
  private static final int PROBE_MILLIS = 1;

  @Override
  public Socket createSocket() {
    return new PromptSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("the driver connects by itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket(host.getHostName(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  private static final class PromptSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          requireArrived();
          return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          requireArrived();
          return super.read(bytes, offset, length);
        }

        private void requireArrived() throws IOException {
          if (getSoTimeout() == PROBE_MILLIS && available() == 0) {
            throw new SocketTimeoutException("nothing has arrived");
          }
        }
      };
    }
  }
}
