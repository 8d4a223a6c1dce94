package trunkline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A TCP proxy that makes a network go wrong: for all connections, or for one.
///
/// Silence means that nothing is read, passed on or closed, and no reset is sent: what a cut cable
/// or a firewall that forgot the connection looks like. When it is lifted, held bytes go on, as
/// with TCP.
public final class Proxy implements AutoCloseable {
  private final ServerSocket door;
  private final InetSocketAddress target;
  private final Weather weather = new Weather();
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("proxy-", 0).factory());
  private volatile boolean refusing;

  public Proxy(String host, int port) {
    this.target = new InetSocketAddress(host, port);
    try {
      this.door = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = threads.submit(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /// The weather of every connection that has none of its own, also of future ones.
  public Weather weather() {
    return weather;
  }

  /// The connections that are open now, in the order of their opening.
  public List<Link> links() {
    return List.copyOf(links);
  }

  /// Resets every connection, and new ones as soon as they are made.
  public void refuse() {
    refusing = true;
    links.forEach(Link::reset);
  }

  /// Ends every connection in order; new ones are welcome.
  public void cut() {
    links.forEach(Link::cut);
  }

  /// Ends every fault.
  public void heal() {
    refusing = false;
    weather.clear();
    links.forEach(link -> link.weather.clear());
  }

  @Override
  public void close() throws IOException {
    door.close();
    weather.clear();
    links.forEach(Link::cut);
    threads.close();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        var link = new Link(door.accept());
        links.add(link);
        var _ = threads.submit(link::open);
      } catch (IOException _) {
        // the door was closed, or the client went away at once
      }
    }
  }

  /// One connection through the proxy.
  public final class Link {
    private final Socket client;
    private final Socket server = new Socket();
    private final Weather weather = new Weather();

    private Link(Socket client) {
      this.client = client;
    }

    public Weather weather() {
      return weather;
    }

    /// Which of the server's connections it is: `client_port` in `pg_stat_activity`.
    public int serverPort() {
      return server.getLocalPort();
    }

    public void reset() {
      end(true);
    }

    public void cut() {
      end(false);
    }

    private void open() {
      try {
        if (refusing) {
          reset();
          return;
        }
        pass(0, true); // in silence a connection is made, and not answered
        server.connect(target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        var _ = threads.submit(() -> pump(server, client, false));
        pump(client, server, true);
      } catch (IOException _) {
        cut();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
      var buffer = new byte[16 * 1024];
      try {
        var in = from.getInputStream();
        var out = to.getOutputStream();
        while (true) {
          var count = in.read(buffer, 0, Math.min(buffer.length, bytesMax()));
          pass(Math.max(count, 0), toServer);
          if (count < 0) {
            break;
          }
          out.write(buffer, 0, count);
          out.flush();
        }
      } catch (IOException _) {
        // closing notifies the other side
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      cut();
    }

    private int bytesMax() {
      return Math.min(weather.bytesMax(), Proxy.this.weather.bytesMax());
    }

    private void pass(int bytes, boolean toServer) throws InterruptedException {
      weather.pass(bytes, toServer);
      Proxy.this.weather.pass(bytes, toServer);
    }

    private void end(boolean reset) {
      links.remove(this);
      weather.clear();
      for (var socket : List.of(client, server)) {
        try (socket) {
          if (reset && !socket.isClosed()) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
          }
        } catch (IOException _) {
          // gone either way
        }
      }
    }
  }

  /// The faults of one connection or of all; they hold from the next bytes on.
  public static final class Weather {
    private Duration delay = Duration.ZERO;
    private boolean silentToServer;
    private boolean silentToClient;
    private int bytesPerSecond = Integer.MAX_VALUE;

    /// Everything arrives this much later.
    public synchronized void delay(Duration time) {
      delay = time;
    }

    /// Nothing gets through, in either direction.
    public synchronized void silence() {
      silentToServer = true;
      silentToClient = true;
    }

    /// The server hears nothing more.
    public synchronized void silenceToServer() {
      silentToServer = true;
    }

    /// The client hears nothing more.
    public synchronized void silenceToClient() {
      silentToClient = true;
    }

    /// A few bytes at a time.
    public synchronized void drip(int bytesPerSecond) {
      this.bytesPerSecond = bytesPerSecond;
    }

    public synchronized void clear() {
      delay = Duration.ZERO;
      silentToServer = false;
      silentToClient = false;
      bytesPerSecond = Integer.MAX_VALUE;
      notifyAll();
    }

    private synchronized int bytesMax() {
      return Math.max(1, bytesPerSecond / 10);
    }

    private synchronized void pass(int bytes, boolean toServer) throws InterruptedException {
      while (toServer ? silentToServer : silentToClient) {
        wait();
      }
      var pause = delay.toNanos();
      if (bytesPerSecond < Integer.MAX_VALUE) {
        pause += bytes * 1_000_000_000L / bytesPerSecond;
      }
      var until = System.nanoTime() + pause;
      while (pause > 0 && (!delay.isZero() || bytesPerSecond < Integer.MAX_VALUE)) {
        wait(pause / 1_000_000, (int) (pause % 1_000_000));
        pause = until - System.nanoTime();
      }
      while (toServer ? silentToServer : silentToClient) {
        wait();
      }
    }
  }
}
