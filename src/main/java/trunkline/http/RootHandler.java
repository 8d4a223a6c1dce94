package trunkline.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.jsonrpc.ErrorCode;
import trunkline.memory.HeldMemory;
import trunkline.memory.MemoryShort;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.ServerEvent;

/// The way in of every request: paths, the instance's name on each answer, and exceptions.
final class RootHandler implements Handler {
  static final HeaderName INSTANCE = HeaderNames.create("Trunkline-Instance");

  private static final Logger LOG = LoggerFactory.getLogger(RootHandler.class);

  private final HttpWiring wiring;
  private final HttpPolicy policy;
  private final BooleanSupplier last;
  private final Map<String, Route> routes;
  private volatile @Nullable InstanceHeader instanceHeader;

  /// What answers at a path.
  @FunctionalInterface
  interface Route {
    void handle(HttpExchange exchange) throws InterruptedException;

    /// Whether there is anything at its path for whoever asks so.
    default boolean isThereFor(HttpExchange exchange) {
      return true;
    }
  }

  /// @param last whether each answer is the last one of its connection
  /// @param routes the paths that there are; one of two slashes is also for all below it
  RootHandler(
      HttpWiring wiring, HttpPolicy policy, BooleanSupplier last, Map<String, Route> routes) {
    this.wiring = wiring;
    this.policy = policy;
    this.last = last;
    this.routes = Map.copyOf(routes);
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    var instance = wiring.instance().get().value();
    try {
      response.header(instanceHeader(instance));
      answer(new HttpExchange(request, response, SocketDeadline.here(), policy, last));
    } finally {
      HeldMemory.here().release();
    }
  }

  /// Made once for each id, of which an instance has few.
  private Header instanceHeader(int instance) {
    var known = instanceHeader;
    if (known == null || known.instance() != instance) {
      known =
          new InstanceHeader(instance, HeaderValues.create(INSTANCE, Integer.toString(instance)));
      instanceHeader = known;
    }
    return known.header();
  }

  private record InstanceHeader(int instance, Header header) {}

  private void answer(HttpExchange exchange) {
    try {
      FramingGuard.check(exchange);
      route(exchange);
    } catch (CloseConnectionException e) {
      throw e; // makes Helidon close; the answer is already sent
    } catch (HttpProblem e) {
      wiring.events().emit(new ServerEvent.RequestRefused(e.status().code()));
      e.headers().forEach((name, value) -> exchange.response().header(name, value));
      exchange.send(e.status(), HttpExchange.JSON, e.body());
    } catch (DatabaseUnavailable e) {
      unavailable(exchange, "the database is away");
    } catch (DatabaseBusy e) {
      unavailable(exchange, "the database is busy");
    } catch (RightMissing _) { // the log names it already
      unavailable(exchange, RightMissing.SAID);
    } catch (MemoryShort e) {
      refuse(exchange, e);
    } catch (InterruptedException e) {
      unavailable(exchange, "the server stops");
    } catch (RuntimeException | Error e) { // an Error of this thread is this request's alone
      fail(exchange, e);
    }
  }

  private void route(HttpExchange exchange) throws InterruptedException {
    var path = exchange.request().path().path();
    var route = routes.get(path);
    if (route == null) {
      route = routes.get(path.substring(0, path.indexOf('/', 1) + 1)); // for all below
    }
    if (route == null || !route.isThereFor(exchange)) {
      throw new HttpProblem(
          Status.NOT_FOUND_404,
          routes.containsKey(McpEndpoint.PATH)
              ? "MCP is served at /mcp"
              : "health and metrics are served below /observe");
    }
    route.handle(exchange);
  }

  private void refuse(HttpExchange exchange, MemoryShort why) {
    wiring.events().emit(new ServerEvent.RequestRefused(why.isForEver() ? 413 : 503));
    if (!why.isForEver()) {
      unavailable(exchange, HttpExchange.MEMORY_SHORT);
      return;
    }
    exchange.send(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        HttpExchange.JSON,
        HttpProblem.body(
            ErrorCode.SESSION_REFUSED,
            "this request alone needs more memory than all may hold (--memory-share)"));
  }

  private static void unavailable(HttpExchange exchange, String reason) {
    exchange.response().header("Retry-After", Replies.retryAfter());
    exchange.send(
        Status.SERVICE_UNAVAILABLE_503,
        HttpExchange.JSON,
        HttpProblem.body(ErrorCode.INTERNAL_ERROR, "Unavailable: " + reason));
  }

  /// A defect of ours. The client gets a number to quote, the log gets the rest.
  private void fail(HttpExchange exchange, Throwable e) {
    var failure = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LOG.atError().addKeyValue("failure", failure).setCause(e).log("a request failed");
    wiring.events().emit(new ServerEvent.RequestFailed(wiring.instance().get().value(), failure));
    if (exchange.response().isSent()) {
      throw new CloseConnectionException("failed after the answer", e);
    }
    exchange.send(
        Status.INTERNAL_SERVER_ERROR_500,
        HttpExchange.JSON,
        HttpProblem.body(ErrorCode.INTERNAL_ERROR, "Internal error (failure " + failure + ")"));
  }
}
