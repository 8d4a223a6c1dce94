package trunkline.http;

import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.access.Authenticator.Standing;
import trunkline.memory.HeldMemory;
import trunkline.protocol.Refusal;
import trunkline.protocol.Reply;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet.Feed;

/// Turns the protocol's replies into HTTP: the one place that knows which refusal is which status.
final class Replies {
  static final String ALLOW = "GET, POST, DELETE, OPTIONS";

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  private static final String EVENTS = "text/event-stream";
  private static final String SESSION = "Mcp-Session-Id";

  private final Ticker wheel;
  private final Standings standings;
  private final HttpPolicy policy;
  private final Function<List<String>, String> challenge;

  /// @param challenge says to a client which scopes it needs
  Replies(
      Ticker wheel,
      Standings standings,
      HttpPolicy policy,
      Function<List<String>, String> challenge) {
    this.wheel = wheel;
    this.standings = standings;
    this.policy = policy;
    this.challenge = challenge;
  }

  void send(HttpExchange exchange, Reply reply, Standing standing) {
    send(exchange, reply, AcceptHeader.Accepted.BOTH, standing);
  }

  /// @param accepted how the client takes an answer; a refusal is JSON either way
  /// @param standing of what let the client in: a stream ends with it
  /// @throws ClientGone when that ended before anything was answered
  void send(HttpExchange exchange, Reply reply, AcceptHeader.Accepted accepted, Standing standing) {
    switch (reply) {
      case Reply.Accepted _ -> exchange.sendEmpty(Status.ACCEPTED_202);
      case Reply.Ended _ -> exchange.sendEmpty(Status.NO_CONTENT_204);
      case Reply.Answer(var body, var session) -> {
        session(exchange, session);
        answer(exchange, body, accepted);
      }
      case Reply.Refused(var why, var body) -> refuse(exchange, why, body);
      case Reply.Denied(var scopes, var body) -> {
        exchange.response().header("WWW-Authenticate", challenge.apply(scopes));
        exchange.send(Status.FORBIDDEN_403, HttpExchange.JSON, body);
      }
      case Reply.Limited(var retryAfter, var body) -> {
        var seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        exchange.response().header("Retry-After", Long.toString(seconds));
        exchange.send(Status.TOO_MANY_REQUESTS_429, HttpExchange.JSON, body);
      }
      case Reply.Streaming(var feed, var session) -> {
        session(exchange, session);
        if (accepted == AcceptHeader.Accepted.JSON) {
          gather(exchange, feed, standing);
        } else {
          stream(exchange, feed, standing);
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, byte[] body, AcceptHeader.Accepted accepted) {
    if (accepted == AcceptHeader.Accepted.EVENTS) {
      var event = new SseEncoder();
      event.message(null, body);
      exchange.send(Status.OK_200, EVENTS, event.take());
    } else {
      exchange.send(Status.OK_200, HttpExchange.JSON, body);
    }
  }

  /// For a client that takes no events.
  private void gather(HttpExchange exchange, Feed feed, Standing standing) {
    var outlet = new GatheringOutlet();
    try (var _ = standings.watch(standing, outlet)) {
      feed.run(outlet);
    } catch (InterruptedException e) {
      throw new CloseConnectionException("the server stops", e);
    }
    exchange.send(Status.OK_200, HttpExchange.JSON, outlet.answer());
  }

  private static void session(HttpExchange exchange, @Nullable String session) {
    if (session != null) {
      exchange.response().header(SESSION, session);
    }
  }

  private static void refuse(HttpExchange exchange, Refusal why, byte[] body) {
    var response = exchange.response();
    var status =
        switch (why) {
          case BAD_REQUEST -> Status.BAD_REQUEST_400;
          case NOT_FOUND -> Status.NOT_FOUND_404;
          case NOT_ALLOWED -> {
            response.header("Allow", ALLOW);
            yield Status.METHOD_NOT_ALLOWED_405;
          }
          case TOO_MANY -> {
            response.header("Retry-After", "10");
            yield Status.TOO_MANY_REQUESTS_429;
          }
          case UNAVAILABLE -> {
            response.header("Retry-After", retryAfter());
            yield Status.SERVICE_UNAVAILABLE_503;
          }
        };
    exchange.send(status, HttpExchange.JSON, body);
  }

  /// Spread out, so that clients do not come back in one moment.
  static String retryAfter() {
    return Integer.toString(ThreadLocalRandom.current().nextInt(1, 4));
  }

  /// Now, whenever the first message comes. The feed always runs: it may hold something that it
  /// must release, and its own first write reports that the client is gone.
  private static void sendHeaders(Feed feed, SseOutlet outlet) {
    try {
      feed.begin(outlet);
      outlet.flush();
    } catch (ClientGone _) {
      // Its socket is closed.
    }
  }

  /// A client that has to go gets a proper end, without a `retry`: what it says next is refused.
  private void run(Feed feed, SseOutlet outlet) throws InterruptedException {
    try {
      feed.run(outlet);
      if (!outlet.isDismissed()) {
        outlet.flush();
        return;
      }
    } catch (ClientGone e) {
      if (e.why() != ClientGone.Cause.DISMISSED) {
        throw e;
      }
    }
    standings.dismissed();
  }

  private void stream(HttpExchange exchange, Feed feed, Standing standing) {
    var response = exchange.response();
    response
        .header("Content-Type", EVENTS)
        .header("Cache-Control", "no-cache, no-transform")
        .header("X-Accel-Buffering", "no");
    var unread = exchange.sayWhetherLast();
    var output = exchange.output(response.outputStream());
    if (exchange.method().equals("GET")) {
      sendHeaders(feed, new SseOutlet(output, policy.keepAlive()));
      throw new LongAnswer.Begun(
          new LongAnswer(
              rest(exchange.watch(), feed, standing), () -> {}, exchange.isLast(), unread));
    }
    stream(feed, standing, output, () -> exchange.finish(output));
    exchange.closeWhenAsked();
  }

  /// Knows nothing of the request any more.
  private LongAnswer.Rest rest(SocketDeadline watch, Feed feed, Standing standing) {
    return client -> {
      try {
        var output = new DeadlineOutput(client, watch, policy.writeTimeout());
        stream(feed, standing, output, () -> output.guarded(client::close));
      } finally {
        HeldMemory.here().release();
      }
    };
  }

  private void stream(Feed feed, Standing standing, DeadlineOutput output, Runnable end) {
    var outlet = new SseOutlet(output, policy.keepAlive());
    wheel.add(outlet);
    try (var _ = standings.watch(standing, outlet)) {
      run(feed, outlet);
      end.run();
    } catch (ClientGone e) {
      throw new CloseConnectionException("the client is gone", e);
    } catch (InterruptedException e) {
      throw new CloseConnectionException("the server stops", e);
    } catch (RuntimeException | Error e) {
      // Nobody above would say it. The status is sent: only an improper end can still report it.
      LOG.atError().setCause(e).log("a stream failed");
      throw new CloseConnectionException("the stream failed", e);
    } finally {
      outlet.close();
      wheel.remove(outlet);
    }
  }
}
