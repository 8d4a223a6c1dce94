package trunkline.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.CloseConnectionException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// An answer that lasts, once it has begun: the rest of it is written when the stack of its request
/// is gone, and with it all that Helidon keeps of a request (headers, path, response). It goes on
/// in the same body, whose head and first chunk are sent.
///
/// Together with [ReadBuffer] an idle stream so takes 12.5 KB of the heap, of 27 KB that it was
/// (4,000 streams, after a collection).
///
/// @param rest returns when the answer is complete; its failures are those of a request
/// @param done what is given back then, or when the rest was never run
/// @param last whether the connection ends with it
/// @param unread whether that is because a part of the request is still to come
record LongAnswer(Rest rest, Runnable done, boolean last, boolean unread) {
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @FunctionalInterface
  interface Rest {
    /// Writes what is left of the body, until its end.
    ///
    /// @param client its `close` ends the body, and not the connection
    void write(OutputStream client) throws InterruptedException;
  }

  /// What unwinds the stack of the request; Helidon lets it through.
  static final class Begun extends CloseConnectionException {
    private static final long serialVersionUID = 1L;

    private transient LongAnswer answer;

    Begun(LongAnswer answer) {
      super("the answer goes on");
      this.answer = answer;
    }

    LongAnswer answer() {
      return answer;
    }

    /// Something more is to be given back at the end.
    Begun until(Runnable more) {
      var before = answer;
      answer =
          new LongAnswer(
              before.rest,
              () -> {
                before.done.run();
                more.run();
              },
              before.last,
              before.unread);
      return this;
    }

    @Override
    public Throwable fillInStackTrace() {
      return this; // it is no failure
    }
  }

  /// Writes the rest, on the connection's thread.
  void finish(DataWriter connection) throws InterruptedException {
    try {
      rest.write(new Chunks(connection));
    } finally {
      done.run();
    }
  }

  /// HTTP/1.1's form of a body whose length nobody knows, which Helidon writes only for a response
  /// of its own. Each array is one chunk and one write; [#close] ends the body.
  private static final class Chunks extends OutputStream {
    private final DataWriter connection;

    Chunks(DataWriter connection) {
      this.connection = connection;
    }

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return; // an empty chunk would be the last
      }
      var size = Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII);
      var chunk = BufferData.create(size.length + length + 4);
      chunk.write(size);
      chunk.write('\r');
      chunk.write('\n');
      chunk.write(bytes, offset, length);
      chunk.write('\r');
      chunk.write('\n');
      connection.write(chunk);
    }

    @Override
    public void close() {
      connection.write(BufferData.create(LAST_CHUNK));
    }
  }
}
