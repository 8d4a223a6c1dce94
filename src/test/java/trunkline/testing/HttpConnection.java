package trunkline.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// One TCP connection that speaks HTTP/1.1, for one exchange at a time, with nothing added and
/// nothing corrected: tests send what no well-behaved library would.
final class HttpConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS_MAX = 5_000;

  private static final long STALE_AFTER_NANOS = 50_000_000;

  private final Socket socket;
  private final BufferedInputStream in;
  private final String authority;
  private long restingSince;

  /// @param receiveBytes size of the kernel's receive buffer, 0 for the usual one
  /// @param tls whom to believe over https, and the own certificate
  HttpConnection(URI instance, int receiveBytes, SSLContext tls) throws IOException {
    this.authority = instance.getAuthority();
    var tcp = new Socket();
    try {
      if (receiveBytes > 0) {
        tcp.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
      }
      tcp.setTcpNoDelay(true);
      tcp.connect(
          new InetSocketAddress(instance.getHost(), instance.getPort()), CONNECT_MILLIS_MAX);
      this.socket = instance.getScheme().equals("https") ? secured(tcp, instance, tls) : tcp;
      this.in = new BufferedInputStream(socket.getInputStream(), 2048);
    } catch (IOException e) {
      tcp.close();
      throw e;
    }
  }

  private static SSLSocket secured(Socket tcp, URI instance, SSLContext tls) throws IOException {
    var sockets = tls.getSocketFactory();
    var socket =
        (SSLSocket) sockets.createSocket(tcp, instance.getHost(), instance.getPort(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /// The certificate that the server showed; a test asks only over https.
  X509Certificate certificate() throws IOException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  /// Sends a request and waits for the head of its response.
  HttpHead exchange(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    var head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    if (!headers.containsKey("Host")) {
      head.append("Host: ").append(authority).append("\r\n");
    }
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 && !headers.containsKey("Content-Length")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    var bytes = new ByteArrayOutputStream(head.length() + body.length);
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    socket.getOutputStream().write(bytes.toByteArray());
    var response = HttpHead.read(in);
    while (response != null && response.status() < 200) {
      response = HttpHead.read(in);
    }
    if (response == null) {
      throw new EOFException("the server closed the connection without an answer");
    }
    return response;
  }

  HttpBody body(String method, HttpHead response) {
    return new HttpBody(response, in, HttpBody.isBodiless(method, response), null);
  }

  /// Must be called when the connection waits for its next exchange.
  void rest() {
    restingSince = System.nanoTime();
  }

  /// Whether the server has closed the connection while it rested. Finding out by sending would
  /// leave it open whether a request was received.
  boolean isStale() {
    if (System.nanoTime() - restingSince < STALE_AFTER_NANOS) {
      return false;
    }
    try {
      socket.setSoTimeout(1);
      var _ = in.read(); // the end of the stream, or something unasked
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  /// The wait for the next byte; zero for ever.
  void patience(Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
  }

  /// Ends the connection with a reset, as a crashed client's machine would.
  void reset() throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // gone either way
    }
  }
}
