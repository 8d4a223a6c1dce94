package trunkline.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The body that follows a head, whichever way its end is marked; bytes are passed on as they come.
final class HttpBody extends InputStream {
  private final InputStream in;
  private final boolean chunked;
  private final @Nullable OutputStream copy;

  /// Bytes left of the body or of the current chunk; -1: until the connection ends.
  private long left;

  private final boolean untilEnd;
  private boolean ended;

  /// @param bodiless a response that has none whatever its headers say
  /// @param copy gets the bytes as they were on the wire, chunk sizes included
  HttpBody(HttpHead head, InputStream in, boolean bodiless, @Nullable OutputStream copy) {
    this.in = in;
    this.copy = copy;
    this.chunked = head.isChunked();
    this.left = chunked ? 0 : head.length();
    this.untilEnd = !bodiless && !chunked && left < 0;
    this.ended = bodiless || (!chunked && left == 0);
  }

  static boolean isBodiless(HttpHead request) {
    return !request.isChunked() && request.length() <= 0;
  }

  static boolean isBodiless(String method, HttpHead response) {
    return method.equals("HEAD") || response.status() == 204 || response.status() == 304;
  }

  /// Reads to the end, which makes the copy.
  void drain() throws IOException {
    var buffer = new byte[8192];
    while (read(buffer, 0, buffer.length) >= 0) {
      // the copy is the purpose
    }
  }

  /// Whether the end was marked, so that another message may follow on the connection.
  boolean isReusable() {
    return ended && !untilEnd;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (!ended && chunked && left == 0) {
      left = nextChunk();
    }
    if (ended) {
      return -1;
    }
    var count = in.read(buffer, offset, left < 0 ? length : (int) Math.min(left, length));
    if (count < 0) {
      ended = true;
      if (left > 0) {
        throw new EOFException("the connection ended with " + left + " bytes of the body to come");
      }
      return -1;
    }
    if (copy != null) {
      copy.write(buffer, offset, count);
    }
    if (left > 0) {
      left -= count;
      endOfPart();
    }
    if (copy != null) {
      copy.flush();
    }
    return count;
  }

  private void endOfPart() throws IOException {
    if (left == 0 && chunked) {
      var _ = line();
    } else if (left == 0) {
      ended = true;
    }
  }

  private long nextChunk() throws IOException {
    var size = Long.parseLong(line().split(";", 2)[0].strip(), 16);
    if (size == 0) {
      var trailer = line();
      while (!trailer.isBlank()) {
        trailer = line();
      }
      ended = true;
      if (copy != null) {
        copy.flush();
      }
    }
    return size;
  }

  private String line() throws IOException {
    var line = HttpHead.readLine(in);
    if (line == null) {
      ended = true;
      throw new EOFException("the connection ended between two chunks");
    }
    if (copy != null) {
      copy.write(line);
    }
    return new String(line, StandardCharsets.US_ASCII);
  }
}
