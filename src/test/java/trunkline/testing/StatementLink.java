package trunkline.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.testing.StatementFault.AnswerHeld;
import trunkline.testing.StatementFault.AnswerLost;
import trunkline.testing.StatementFault.Refused;
import trunkline.testing.StatementFault.Stalled;

/// One connection through a [StatementProxy].
final class StatementLink {
  private static final int CANCEL = 80877102;
  private static final int TLS = 80877103;
  private static final int GSS = 80877104;

  private final StatementProxy proxy;
  private final Socket client;
  private final Socket server;
  private final StatementHeadings headings = new StatementHeadings();

  /// Since the last Sync; not passed on yet.
  private final List<WireMessage> group = new ArrayList<>();

  /// Of the next answer.
  private volatile @Nullable StatementFault fault;

  private volatile char transaction = 'I';

  StatementLink(StatementProxy proxy, Socket client, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
  }

  void open(InetSocketAddress target) {
    try {
      client.setTcpNoDelay(true);
      server.connect(target);
      server.setTcpNoDelay(true);
      var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      var out = new BufferedOutputStream(server.getOutputStream());
      start(in, out);
      proxy.run(this::answer);
      for (var message = WireMessage.read(in); message != null; message = WireMessage.read(in)) {
        ask(message, out);
      }
    } catch (IOException _) {
      // closing tells the other side
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    cut();
  }

  /// Up to the message that names user and database; encryption is declined.
  private void start(DataInputStream in, OutputStream out) throws IOException {
    while (true) {
      var body = WireMessage.readStart(in);
      var code = ByteBuffer.wrap(body).getInt();
      if (code != TLS && code != GSS) {
        WireMessage.writeStart(out, body);
        if (code == CANCEL) {
          cut();
        }
        return;
      }
      client.getOutputStream().write('N');
    }
  }

  private void ask(WireMessage message, OutputStream out) throws IOException, InterruptedException {
    headings.hear(message);
    group.add(message);
    switch (message.type()) {
      case 'P', 'B', 'D', 'E', 'C' -> {} // until Sync
      case 'S', 'Q' -> {
        pass(proxy.meet(headings.executed()), out);
        group.clear();
      }
      default -> passOn(out); // of the start, a COPY, or a Flush: no statement ends here
    }
  }

  private void pass(@Nullable StatementFault met, OutputStream out)
      throws IOException, InterruptedException {
    switch (met) {
      case null -> passOn(out);
      case Stalled(var time) -> {
        proxy.stall(time);
        passOn(out);
      }
      case Refused refused -> refuse(refused);
      case AnswerLost lost -> {
        fault = lost;
        passOn(out);
      }
      case AnswerHeld held -> {
        fault = held;
        passOn(out);
      }
    }
  }

  private void passOn(OutputStream out) throws IOException {
    for (var message : group) {
      message.write(out);
    }
    group.clear();
    out.flush();
  }

  /// The server is idle between two Syncs, so nothing of its answers can be torn.
  private void refuse(Refused refused) throws IOException {
    var severity = refused.isFatal() ? "FATAL" : "ERROR";
    var out = new BufferedOutputStream(client.getOutputStream());
    synchronized (client) {
      WireMessage.error(severity, refused.sqlState(), "refused by the test").write(out);
      if (!refused.isFatal()) {
        WireMessage.readyForQuery(transaction == 'I' ? 'I' : 'E').write(out);
      }
      out.flush();
    }
    if (refused.isFatal()) {
      cut();
    }
  }

  private void answer() {
    try {
      var in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
      var out = new BufferedOutputStream(client.getOutputStream());
      for (var message = WireMessage.read(in); message != null; message = WireMessage.read(in)) {
        answer(message, out, in);
      }
    } catch (IOException _) {
      // closing tells the other side
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    cut();
  }

  private void answer(WireMessage message, OutputStream out, DataInputStream in)
      throws IOException, InterruptedException {
    var ended = message.type() == 'Z';
    if (message.type() == 'N') {
      proxy.noticed(message.field('M'));
    }
    if (ended) {
      transaction = (char) message.body()[0];
    }
    if (fault instanceof AnswerLost) {
      if (ended) {
        cut();
      }
      return;
    }
    if (fault instanceof AnswerHeld(var time)) {
      fault = null;
      proxy.stall(time);
    }
    synchronized (client) {
      message.write(out);
      if (ended || in.available() == 0) {
        out.flush();
      }
    }
  }

  void cut() {
    proxy.ended(this);
    for (var socket : List.of(client, server)) {
      try (socket) {
        // gone either way
      } catch (IOException _) {
        // gone either way
      }
    }
  }
}
