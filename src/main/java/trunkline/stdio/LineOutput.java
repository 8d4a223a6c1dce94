package trunkline.stdio;

import java.io.IOException;
import java.io.OutputStream;
import trunkline.stream.ClientGone;

/// The client's end: one message a line, whole, whichever thread writes it. Back-pressure is the
/// pipe's.
final class LineOutput {
  private final OutputStream out;
  private boolean open = true;

  LineOutput(OutputStream out) {
    this.out = out;
  }

  /// @throws ClientGone when nobody reads any more
  synchronized void write(byte[] message) {
    if (!open) {
      throw gone(new IOException("closed"));
    }
    try {
      out.write(message);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      open = false;
      throw gone(e);
    }
  }

  synchronized boolean isOpen() {
    return open;
  }

  /// Nothing is written after this.
  synchronized void close() {
    open = false;
  }

  private static ClientGone gone(IOException e) {
    return new ClientGone(ClientGone.Cause.LEFT, e);
  }
}
