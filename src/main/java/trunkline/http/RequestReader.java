package trunkline.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.List;

/// What Helidon's parser reads requests from: where it would gather bytes until a line ends,
/// however many, or skip bytes without a look, this one refuses.
///
/// Helidon asks for a chunk's size with [#readLine()], which it has no bound for, and passes over
/// the two bytes after a chunk, whatever they are, with [#skip(int)].
final class RequestReader extends DataReader {
  static final int LINE_BYTES_MAX = 4 * 1024;

  /// Of all headers of a request together, names and values.
  static final int HEADER_BYTES_MAX = 16 * 1024;

  /// Of the line before a chunk; the one after the last is empty. Extensions and trailers are
  /// refused, so that there is no length of theirs to bound.
  private static final int CHUNK_DIGITS_MAX = 8;

  /// Of the pieces that a chunk is gathered in, whatever the network made of it.
  private static final int PIECE_BYTES = 8 * 1024;

  private static final int NEW_LINE_BYTES = 2;

  private static final Status HEADERS_TOO_LARGE =
      Status.create(431, "Request Header Fields Too Large");

  private final Arrival arrival;
  private Part part = Part.LINE;

  /// Of a request, as the parser goes on.
  private enum Part {
    LINE,
    HEADERS,
    BODY
  }

  RequestReader(Arrival arrival) {
    super(arrival);
    this.arrival = arrival;
  }

  /// The request line is read.
  void lineRead() {
    part = Part.HEADERS;
  }

  /// The headers are read.
  void headRead() {
    part = Part.BODY;
    arrival.awaitBody();
  }

  /// Asked for the request line, and for each header's value.
  @Override
  public int findNewLine(int max) {
    if (part == Part.BODY) {
      part = Part.LINE;
      arrival.awaitRequest();
    }
    return withinHead(super.findNewLine(max), max);
  }

  /// Asked for each header's name.
  @Override
  public int findOrNewLine(byte b, int max) {
    var found = super.findOrNewLine(b, max);
    if (found == 0) {
      throw refusal(Status.BAD_REQUEST_400); // a name of nothing
    }
    return withinHead(found, max);
  }

  private int withinHead(int found, int max) {
    if (found == max && part == Part.HEADERS) {
      throw refusal(HEADERS_TOO_LARGE);
    }
    return found;
  }

  /// The line that says a chunk's size, or the empty one after the last chunk.
  @Override
  public String readLine() {
    int length;
    try {
      length = super.findNewLine(CHUNK_DIGITS_MAX + 1);
    } catch (IncorrectNewLineException _) {
      throw refusal(Status.BAD_REQUEST_400);
    }
    if (length > CHUNK_DIGITS_MAX) {
      throw refusal(Status.BAD_REQUEST_400);
    }
    var line = readAsciiString(length);
    skip(NEW_LINE_BYTES);
    for (var i = 0; i < length; i++) {
      if (Character.digit(line.charAt(i), 16) < 0) {
        throw refusal(Status.BAD_REQUEST_400);
      }
    }
    return line;
  }

  /// Skips; two bytes are always the end of a line, and must be.
  @Override
  public void skip(int length) {
    if (length != NEW_LINE_BYTES) {
      super.skip(length);
    } else if (read() != '\r' || read() != '\n') {
      throw refusal(Status.BAD_REQUEST_400);
    }
  }

  /// In pieces of a size of ours: a chunk that comes byte by byte would cost a hundred times its
  /// length otherwise.
  @Override
  public BufferData readBuffer(int length) {
    ensureAvailable();
    if (length <= available()) {
      var buffer = getBuffer(length);
      super.skip(length);
      return buffer;
    }
    List<BufferData> pieces = new ArrayList<>();
    for (var left = length; left > 0; left -= PIECE_BYTES) {
      pieces.add(BufferData.create(piece(Math.min(left, PIECE_BYTES))));
    }
    return BufferData.create(pieces);
  }

  private byte[] piece(int length) {
    var piece = new byte[length];
    for (var filled = 0; filled < length; ) {
      ensureAvailable();
      var bytes = readBytes(Math.min(length - filled, available()));
      System.arraycopy(bytes, 0, piece, filled, bytes.length);
      filled += bytes.length;
    }
    return piece;
  }

  @Override
  public BufferData readBuffer() {
    ensureAvailable();
    return readBuffer(available());
  }

  static RequestException refusal(Status status) {
    return RequestException.builder()
        .type(EventType.BAD_REQUEST)
        .status(status)
        .setKeepAlive(false)
        .message(status.reasonPhrase())
        .build();
  }
}
