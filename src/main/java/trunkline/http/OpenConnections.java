package trunkline.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import trunkline.memory.MemoryBudget;
import trunkline.tls.TlsContext;

/// The connections of a listener, which outlive its listening socket.
///
/// When Helidon stops, it interrupts each connection that waits for a request, and with it the one
/// whose request is just arriving: a balancer may not repeat a POST, so its client gets a 502. Here
/// the connections go on until [#closeIdle()], each answer asking for the last time.
final class OpenConnections implements ServerConnectionSelector {
  /// For the listener's thread to hand on what it has accepted already, on a busy machine: Helidon
  /// drops what is handed on later, and a balancer answers the POST that was sent on it with a 502.
  private static final long ACCEPTED_MILLIS = 500;

  private final ServerConnectionSelector http1;
  private final Function<HelidonSocket, Arrival> arrivals;
  private final MemoryBudget memory;
  private final Handshakes handshakes;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean last = new AtomicBoolean();

  private OpenConnections(
      Http1ConnectionSelector http1,
      Function<HelidonSocket, Arrival> arrivals,
      MemoryBudget memory,
      Handshakes handshakes) {
    this.http1 = http1;
    this.arrivals = arrivals;
    this.memory = memory;
    this.handshakes = handshakes;
  }

  /// Connections whose requests are bounded by the policy.
  static OpenConnections bounded(HttpPolicy policy, Ticker wheel, HttpWiring wiring) {
    var http1 =
        Http1Config.builder()
            .sendLog(false)
            .receiveLog(false)
            .maxPrologueLength(RequestReader.LINE_BYTES_MAX)
            .maxHeadersSize(RequestReader.HEADER_BYTES_MAX)
            .addReceiveListener(BoundedContext.PROGRESS)
            .build();
    return new OpenConnections(
        Http1ConnectionSelector.builder().config(http1).build(),
        socket -> new Arrival(socket, wheel, policy, wiring::reportCut),
        wiring.memory(),
        new Handshakes(wheel, policy, wiring));
  }

  /// Those that are about to become connections; only where TLS is spoken.
  Handshakes handshakes() {
    return handshakes;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    TlsContext.handshakeDone();
    var arrival = arrivals.apply(context.serverSocket());
    var bounded = new BoundedContext(context, new RequestReader(arrival));
    return new Open(http1.connection(bounded), arrival);
  }

  /// Whether the listening socket is closed, so that each answer is its connection's last.
  ///
  /// Not before: a balancer that keeps connections would open others instead, and closing a
  /// listening socket resets those that it has not accepted yet.
  boolean isLast() {
    return last.get();
  }

  int count() {
    return open.size() + handshakes.count();
  }

  /// Closes those that wait for a request; the others end with their answer.
  void closeIdle() {
    handshakes.closeSilent();
    open.forEach(connection -> connection.http1.close(false));
  }

  /// Interrupts whatever they do.
  void closeAll() {
    handshakes.closeAll();
    open.forEach(connection -> connection.http1.close(true));
  }

  /// Not a task that Helidon may interrupt.
  private final class Open implements ServerConnection {
    private final ServerConnection http1;
    private final Arrival arrival;

    Open(ServerConnection http1, Arrival arrival) {
      this.http1 = http1;
      this.arrival = arrival;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      open.add(this);
      try (var held = memory.open()) {
        held.serve(() -> http1.handle(limit)); // returns when it has refused what it can't parse
        arrival.drain();
      } catch (AnsweredEarly e) {
        arrival.drain();
        throw e;
      } catch (UncheckedIOException e) { // TLS says in its own words that the socket is closed
        throw new ServerConnectionException("the client is gone", e);
      } finally {
        arrival.close();
        open.remove(this);
      }
    }

    @Override
    public Duration idleTime() {
      return http1.idleTime();
    }

    /// Helidon calls this for each when it has closed its listening socket.
    @Override
    public void close(boolean interrupt) {
      if (last.compareAndSet(false, true)) {
        try {
          TimeUnit.MILLISECONDS.sleep(ACCEPTED_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
