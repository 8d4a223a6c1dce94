package trunkline.http;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import trunkline.socket.ListeningSockets;
import trunkline.socket.SynFilter;
import trunkline.socket.TcpTable;

/// Closes the listening sockets without losing anybody who was let in.
///
/// Two losses are to be avoided. The kernel lets clients in before the program accepts them, and
/// resets those when the socket is closed. And Helidon 4.3 (`ServerListener`) closes first, then
/// shuts the executor of connections, while its accepting thread may still have one to hand on,
/// which is then dropped. So, before it is told to stop:
///
/// 1. The kernel hears no new client ([SynFilter]); one that comes says it again after a second and
///    is refused then. Whoever is shaking hands has the time to finish.
/// 2. A connection of our own, which is heard, goes through as the last one. Connections are
///    accepted one by one and in order: when it has been served, everybody else has been handed on.
///
/// Where there is no such filter (not on Linux) whoever comes between the last one and the closing
/// is still lost.
final class ListenerClosing {
  /// A client whose last packet of the handshake met a full queue repeats it after a second; one
  /// that never sends it need not be waited for.
  private static final Duration HANDSHAKES_MAX = Duration.ofMillis(1_200);

  /// Of all of it: whoever waits for the refusal waits a little longer.
  private static final Duration LAST_MAX = Duration.ofSeconds(3);

  private static final long LOOK_MILLIS = 2;

  private final Binding binding;
  private final ListeningSockets sockets;
  private final List<WebServer> listeners;
  private final Runnable closing;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  /// @param closing told just before the sockets are closed
  ListenerClosing(
      Binding binding, ListeningSockets sockets, List<WebServer> listeners, Runnable closing) {
    this.binding = binding;
    this.sockets = sockets;
    this.listeners = List.copyOf(listeners);
    this.closing = closing;
  }

  /// Returns at once.
  void begin() {
    if (begun.compareAndSet(false, true)) {
      Thread.ofVirtual().name("trunkline-closing").start(this::run);
    }
  }

  /// Closes whoever may be on his way.
  void atOnce() {
    begun.set(true);
    stop();
  }

  /// Waits until the listeners are told to stop.
  void await(Duration patience) throws InterruptedException {
    var _ = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void run() {
    try {
      lastIn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
    }
  }

  private void lastIn() throws InterruptedException {
    var until = System.nanoTime() + LAST_MAX.toNanos();
    var doors = binding.doors();
    List<Socket> last = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (var door : doors) {
        var socket = new Socket();
        last.add(socket);
        socket.bind(new InetSocketAddress(door.getAddress(), 0));
        ports.add(socket.getLocalPort());
      }
      if (SynFilter.attach(sockets, ports)) {
        awaitHandshakes();
      }
      for (var i = 0; i < last.size(); i++) {
        pass(last.get(i), doors.get(i), until);
      }
    } catch (IOException _) {
      // Nobody takes it any more, or takes too long: whoever is still on his way may be lost.
    } finally {
      last.forEach(ListenerClosing::close);
    }
  }

  private void awaitHandshakes() throws InterruptedException {
    var until = System.nanoTime() + HANDSHAKES_MAX.toNanos();
    while (!TcpTable.inodes(binding.port(), TcpTable.HANDSHAKING).isEmpty()
        && System.nanoTime() - until < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /// Says nothing, and is closed by the thread that serves it.
  private static void pass(Socket last, InetSocketAddress door, long untilNanos)
      throws IOException {
    last.connect(door, left(untilNanos));
    last.setSoTimeout(left(untilNanos));
    last.shutdownOutput();
    var _ = last.getInputStream().read();
  }

  /// In milliseconds; 0 would be for ever.
  private static int left(long untilNanos) {
    return Math.max(1, (int) Duration.ofNanos(untilNanos - System.nanoTime()).toMillis());
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // closed all the same
    }
  }

  /// Helidon returns only when the last connection has ended.
  private void stop() {
    closing.run();
    listeners.forEach(listener -> Thread.startVirtualThread(listener::stop));
    done.countDown();
  }
}
