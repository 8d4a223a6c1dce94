package trunkline.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
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
import org.jspecify.annotations.Nullable;
import trunkline.memory.HeldMemory;
import trunkline.memory.MemoryBudget;
import trunkline.tls.TlsContext;

/// The connections of a listener, which outlive its listening socket.
///
/// When Helidon stops, it interrupts each connection that waits for a request, and with it the one
/// whose request is just arriving: a balancer may not repeat a POST, so its client gets a 502. Here
/// the connections go on until [#closeIdle()], each answer asking for the last time.
final class OpenConnections implements ServerConnectionSelector {
  /// For the listener's thread to hand on whom it has accepted after the last one of the
  /// [ListenerClosing], where that can be: Helidon drops who is handed on later.
  private static final long ACCEPTED_MILLIS = 500;

  private final ServerConnectionSelector http1;
  private final Function<HelidonSocket, Arrival> arrivals;
  private final MemoryBudget memory;
  private final Handshakes handshakes;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean last = new AtomicBoolean();
  private final AtomicBoolean waited = new AtomicBoolean();

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
    return new Open(new BoundedContext(context, new RequestReader(arrival)), arrival);
  }

  /// Each answer is its connection's last from now on.
  void letNoneFollow() {
    last.set(true);
  }

  /// Whether the listening socket is closed, or just about to be, so that each answer is its
  /// connection's last.
  ///
  /// Not before: a balancer that keeps connections would open others instead.
  boolean isLast() {
    return last.get();
  }

  int count() {
    return open.size() + handshakes.count();
  }

  /// Closes those that wait for a request; the others end with their answer.
  void closeIdle() {
    handshakes.closeSilent();
    open.forEach(connection -> connection.end(false));
  }

  /// Interrupts whatever they do.
  void closeAll() {
    handshakes.closeAll();
    open.forEach(connection -> connection.end(true));
  }

  /// Not a task that Helidon may interrupt.
  private final class Open implements ServerConnection {
    private final ConnectionContext context;
    private final Arrival arrival;
    private final Thread thread = Thread.currentThread();

    /// Helidon's part, which reads requests; null while an answer goes on without it.
    private @Nullable ServerConnection requests;

    private boolean ending;

    Open(ConnectionContext context, Arrival arrival) {
      this.context = context;
      this.arrival = arrival;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      open.add(this);
      try (var held = memory.open()) {
        var going = true;
        while (going) {
          var answer = serve(held, limit);
          going = answer != null;
          if (answer != null) {
            goOn(answer, held);
          }
        }
        arrival.drain(); // it has refused what it can't parse
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

    /// Serves requests, one after the other.
    ///
    /// @return the answer that goes on without them; null when there are no more
    private @Nullable LongAnswer serve(HeldMemory held, Limit limit) throws InterruptedException {
      var served = begin();
      try {
        held.serve(() -> arrival.serve(() -> served.handle(limit)));
        return null;
      } catch (LongAnswer.Begun begun) {
        leave();
        return begun.answer();
      }
    }

    private void goOn(LongAnswer answer, HeldMemory held) throws InterruptedException {
      ReadBuffer.drop(context.serverSocket());
      try {
        held.serve(() -> answer.finish(context.dataWriter()));
      } finally {
        ReadBuffer.restore(context.serverSocket());
      }
      if (answer.unread()) {
        throw new AnsweredEarly();
      }
      if (answer.last()) {
        throw new CloseConnectionException("answered");
      }
    }

    private synchronized ServerConnection begin() {
      if (ending) {
        throw new CloseConnectionException("the server stops");
      }
      var next = http1.connection(context);
      requests = next;
      return next;
    }

    private synchronized void leave() {
      requests = null;
    }

    /// With its answer, or at once.
    synchronized void end(boolean atOnce) {
      ending = true;
      var serving = requests;
      if (serving != null) {
        serving.close(atOnce);
      } else if (atOnce) {
        thread.interrupt();
      }
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO; // [Arrival] knows it
    }

    /// Helidon calls this for each when it has closed its listening socket.
    @Override
    public void close(boolean interrupt) {
      last.set(true);
      if (waited.compareAndSet(false, true)) {
        try {
          TimeUnit.MILLISECONDS.sleep(ACCEPTED_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
