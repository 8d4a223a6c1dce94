package trunkline.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A load balancer without any affinity: each *request*, not each connection, goes to the next
/// instance in turn, or to the one the test picks. Heads and bodies pass unchanged and as they
/// come; a client that goes away takes its request's upstream connection along, and the reverse.
public final class RoundRobin implements AutoCloseable {
  /// Chooses where a request goes.
  @FunctionalInterface
  public interface Choice {
    /// The instances to try, the best first: one that refuses the connection is passed over.
    List<URI> of(String method, String path);
  }

  private final ServerSocket door;
  private final Choice choice;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> routed = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("balancer-", 0).factory());

  private RoundRobin(Choice choice) {
    this.choice = choice;
    try {
      this.door = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Each request goes to the next in turn; the list may grow and shrink meanwhile.
  public static RoundRobin over(List<URI> instances) {
    var turn = new AtomicInteger();
    return by((_, _) -> {
      var all = List.copyOf(instances);
      var first = Math.floorMod(turn.getAndIncrement(), all.size());
      return IntStream.range(0, all.size())
          .mapToObj(i -> all.get((first + i) % all.size()))
          .toList();
    });
  }

  /// Each request goes where the test says.
  public static RoundRobin by(Choice choice) {
    var balancer = new RoundRobin(choice);
    var _ = balancer.threads.submit(balancer::accept);
    return balancer;
  }

  /// The URL for clients; the path is that of the MCP endpoint.
  public URI url() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort() + "/mcp");
  }

  /// The requests so far: `POST host:port`, one entry each.
  public List<String> routed() {
    return List.copyOf(routed);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        var client = door.accept();
        open.add(client);
        var _ = threads.submit(() -> serve(client));
      } catch (IOException _) {
        // the door was closed, or the client went away at once
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var in = new BufferedInputStream(client.getInputStream());
      var out = new BufferedOutputStream(client.getOutputStream());
      for (var request = HttpHead.read(in); request != null; request = HttpHead.read(in)) {
        if (!exchange(request, in, out)) {
          return;
        }
      }
    } catch (IOException _) {
      // either side went away; closing notifies the other
    } finally {
      open.remove(client);
    }
  }

  /// @return whether the client's connection can carry another request
  private boolean exchange(HttpHead request, BufferedInputStream in, OutputStream out)
      throws IOException {
    var line = request.firstLine().split(" ", 3);
    var upstream = connect(line[0], line[1]);
    if (upstream == null) {
      out.write(
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return false;
    }
    open.add(upstream);
    try (upstream) {
      var to = new BufferedOutputStream(upstream.getOutputStream());
      to.write(request.bytes());
      to.flush();
      new HttpBody(request, in, HttpBody.isBodiless(request), to).drain();
      var next = watch(in, upstream);
      var reusable = respond(line[0], upstream.getInputStream(), out);
      if (!reusable || request.closes()) {
        return false;
      }
      next.join();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      open.remove(upstream);
    }
  }

  private static boolean respond(String method, InputStream upstream, OutputStream out)
      throws IOException {
    var from = new BufferedInputStream(upstream);
    var response = HttpHead.read(from);
    while (response != null && response.status() < 200) {
      out.write(response.bytes());
      out.flush();
      response = HttpHead.read(from);
    }
    if (response == null) {
      return false;
    }
    out.write(response.bytes());
    out.flush();
    var bodiless = HttpBody.isBodiless(method, response);
    new HttpBody(response, from, bodiless, out).drain();
    out.flush();
    return !response.closes() && (bodiless || response.isChunked() || response.length() >= 0);
  }

  /// Watches the client's side while the response is under way: its next request waits there, its
  /// end closes the upstream connection.
  private static Thread watch(BufferedInputStream in, Socket upstream) {
    return Thread.startVirtualThread(() -> {
      try {
        in.mark(1);
        if (in.read() < 0) {
          upstream.close();
        } else {
          in.reset();
        }
      } catch (IOException _) {
        close(upstream);
      }
    });
  }

  private @Nullable Socket connect(String method, String path) {
    for (var instance : choice.of(method, path)) {
      try {
        var upstream = new Socket(instance.getHost(), instance.getPort());
        upstream.setTcpNoDelay(true);
        routed.add(method + " " + instance.getAuthority());
        return upstream;
      } catch (IOException _) {
        // refused: the next one
      }
    }
    return null;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    open.forEach(RoundRobin::close);
    threads.close();
  }
}
