package trunkline.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A client that sends exactly the bytes it is told to and never waits for ever.
final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawHttp(SocketAddress server, int receiveBufferBytes) throws IOException {
    this(connected(server, receiveBufferBytes));
  }

  /// Over a connection that stands, such as one of TLS.
  RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  static Socket connected(SocketAddress server, int receiveBufferBytes) throws IOException {
    var socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(server, 5_000);
    return socket;
  }

  static RawHttp to(int port) throws IOException {
    return new RawHttp(loopback(port), 0);
  }

  static SocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  record Answer(int status, Map<String, String> headers, String body) {}

  RawHttp patience(Duration wait) throws IOException {
    socket.setSoTimeout((int) wait.toMillis());
    return this;
  }

  RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawHttp send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /// Reads status and headers; of an event stream nothing else.
  Answer readHead() throws IOException {
    var status = readLine();
    Map<String, String> headers = new LinkedHashMap<>();
    for (var line = readLine(); !line.isEmpty(); line = readLine()) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), headers, "");
  }

  Answer read() throws IOException {
    return read(false);
  }

  Answer read(boolean headOnly) throws IOException {
    var head = readHead();
    if (headOnly) {
      return head;
    }
    var body = new ByteArrayOutputStream();
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      for (var chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
        body.writeBytes(chunk);
      }
    } else {
      var length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
      body.writeBytes(in.readNBytes(length));
    }
    return new Answer(head.status(), head.headers(), body.toString(StandardCharsets.UTF_8));
  }

  /// One chunk of the response; empty at its end.
  byte[] readChunk() throws IOException {
    var length = Integer.parseInt(readLine(), 16);
    var chunk = in.readNBytes(length);
    readLine();
    return chunk;
  }

  /// Chunks until the text is there.
  String readUntil(String text) throws IOException {
    var all = new StringBuilder();
    while (all.indexOf(text) < 0) {
      var chunk = readChunk();
      if (chunk.length == 0) {
        throw new AssertionError("the stream ended before " + text + ": " + all);
      }
      all.append(new String(chunk, StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  /// Sends and waits a moment, or less when an answer or the end of the connection comes.
  ///
  /// @return whether neither came
  boolean drop(String text, Duration moment) throws IOException {
    try {
      patience(moment).send(text);
      in.mark(1);
      var _ = in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      patience(Duration.ofSeconds(20));
    }
  }

  /// How many bytes still come before the connection ends.
  long readToEnd() {
    var bytes = 0L;
    try {
      while (in.read() >= 0) {
        bytes++;
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open", e);
    } catch (IOException _) {
      // A reset is an end as well.
    }
    return bytes;
  }

  /// Says that nothing more will be sent.
  RawHttp finish() throws IOException {
    try {
      socket.shutdownOutput();
    } catch (SocketException _) {
      // over already
    }
    return this;
  }

  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed after: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /// A reset instead of a proper goodbye.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
