package trunkline.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.JsonWeight;
import trunkline.memory.MemoryBudget;
import trunkline.memory.MemoryShort;
import trunkline.protocol.Entrance;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Reply;
import trunkline.protocol.wire.Envelope;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.stream.ClientGone;

/// One client over two pipes, served until its input ends.
public final class StdioServer implements Entrance {
  /// For what runs when the input ends: whoever pipes a few lines in wants them answered.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(StdioServer.class);

  /// It is whoever started this process.
  private static final Principal CLIENT = Principal.ANONYMOUS;

  /// Whoever started this process may do whatever it can.
  private static final Sender USER =
      new Sender(CLIENT, Codec.object(), new Credential("", Scopes.EVERYTHING, null), Map.of());

  private final Gateway gateway;
  private final MemoryBudget memory;
  private final Lines lines;
  private final int lineBytesMax;
  private final LineOutput out;
  private final Running running = new Running();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable SessionStream session;
  private volatile boolean refusing;

  private StdioServer(
      Gateway gateway, MemoryBudget memory, int lineBytesMax, InputStream in, OutputStream out) {
    this.gateway = gateway;
    this.memory = memory;
    this.lineBytesMax = lineBytesMax;
    this.lines = new Lines(in, lineBytesMax);
    this.out = new LineOutput(out);
  }

  /// Serves from now on.
  ///
  /// @param lineBytesMax the bytes of a line, `--body-bytes-max`
  public static StdioServer start(
      Gateway gateway, MemoryBudget memory, int lineBytesMax, InputStream in, OutputStream out) {
    var server = new StdioServer(gateway, memory, lineBytesMax, in, out);
    Thread.ofPlatform().daemon().name("stdio").start(server::read);
    return server;
  }

  /// Waits until the input has ended, the client reads no more or its session was ended elsewhere.
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void read() {
    try {
      for (var line = lines.next(); line.isPresent() && !refusing; line = lines.next()) {
        take(line.get());
      }
      running.awaitNone(LAST_ANSWERS);
    } catch (IOException | ClientGone e) {
      LOG.debug("the client is gone: {}", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void take(Lines.Line line) throws InterruptedException {
    switch (line) {
      case Lines.Line.TooLong() ->
          refuse(
              null,
              ErrorCode.PARSE_ERROR,
              "Parse error: a line has at most " + lineBytesMax + " bytes (--body-bytes-max)");
      case Lines.Line.Whole(var bytes) -> {
        Body body;
        try {
          body = Codec.decode(bytes);
        } catch (RpcException e) {
          out.write(Codec.encode(new Response.Failure(e.id().orElse(null), e.error())));
          return;
        }
        take(body, JsonWeight.ofTree(bytes));
      }
    }
  }

  /// What has to be there before the next line is served here, everything else on a thread of its
  /// own: answers to questions have to get through while calls wait for them.
  private void take(Body body, long bytes) throws InterruptedException {
    switch (body) {
      case Body.Single(Message.Request request) when request.method().equals("initialize") ->
          serve(body, bytes, List.of(request), new Running.Work());
      case Body.Single(Message.Notification said) when isCancelled(said) -> {}
      case Body.Single(Message.Notification _), Body.Single(Response _) -> {
        serve(body, bytes, List.of(), new Running.Work());
        startSession();
      }
      case Body.Single(Message.Request request) -> begin(body, bytes, List.of(request));
      case Body.Batch(var messages) -> {
        var requests = new ArrayList<Message.Request>();
        for (var message : messages) {
          if (message instanceof Message.Request request) {
            requests.add(request);
          }
        }
        begin(body, bytes, requests);
      }
    }
  }

  private void begin(Body body, long bytes, List<Message.Request> requests) {
    startSession();
    var ids =
        requests.stream()
            .filter(request -> Envelope.isIn(request.params()))
            .map(Message.Request::id)
            .toList();
    if (!running.start(ids, work -> serveAlone(body, bytes, requests, work))) {
      requests.forEach(request ->
          refuse(
              request.id(),
              ErrorCode.SESSION_REFUSED,
              "more than " + Running.REQUESTS_MAX + " requests at a time"));
    }
  }

  private void serveAlone(
      Body body, long bytes, List<Message.Request> requests, Running.Work work) {
    try {
      serve(body, bytes, requests, work);
    } catch (ClientGone e) {
      LOG.debug("an answer was not read: {}", String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // cancelled: no answer
    }
  }

  /// A request of the stateless era is stopped here; the session's calls know it by themselves.
  private boolean isCancelled(Message.Notification said) {
    if (!said.method().equals("notifications/cancelled")) {
      return false;
    }
    try {
      return running.cancel(RequestId.of(said.params().path("requestId")));
    } catch (RpcException _) {
      return false; // names no request
    }
  }

  private void serve(Body body, long bytes, List<Message.Request> requests, Running.Work work)
      throws InterruptedException {
    var held = memory.open();
    try (held) {
      held.serve(() -> {
        held.take(bytes);
        reply(body, requests, work);
      });
    } catch (DatabaseUnavailable | DatabaseBusy | RightMissing | MemoryShort e) {
      LOG.debug("unavailable", e);
      fail(requests, "Unavailable: " + said(e));
    } catch (ClientGone e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.atError().setCause(e).log("a request failed");
      fail(requests, "Internal error");
    }
  }

  private static String said(RuntimeException e) {
    return switch (e) {
      case MemoryShort _ -> String.valueOf(e.getMessage());
      case RightMissing _ -> RightMissing.SAID;
      default -> "the database is away or busy, try again";
    };
  }

  private void reply(Body body, List<Message.Request> requests, Running.Work work)
      throws InterruptedException {
    var current = session;
    var id = current == null ? null : current.id();
    switch (gateway.post(USER, McpHeaders.unwritten(id, null), body)) {
      case Reply.Accepted(), Reply.Ended() -> {}
      case Reply.Answer(var answer, var opened) -> {
        if (opened != null) {
          open(opened);
        }
        if (!work.isCancelled()) {
          out.write(answer);
        }
      }
      case Reply.Refused(var _, var answer) -> refuse(requests, work, answer);
      case Reply.Denied(var _, var answer) -> refuse(requests, work, answer);
      case Reply.Limited(var _, var answer) -> refuse(requests, work, answer);
      case Reply.Streaming(var feed, var owner) -> {
        var outlet = work.opened(new LineOutlet(out, null));
        feed.run(outlet);
        if (owner != null && current != null) {
          goOn(current, requests.size(), outlet);
        }
      }
    }
  }

  /// Other messages than requests have no answers.
  private void refuse(List<Message.Request> requests, Running.Work work, byte[] answer) {
    if (!requests.isEmpty() && !work.isCancelled()) {
      out.write(answer);
    }
  }

  /// A call whose stream was closed before its end, by its own handler or by an operator.
  private void goOn(SessionStream current, int requests, LineOutlet first)
      throws InterruptedException {
    var outlet = first;
    var answered = first.responses();
    while (answered < requests && outlet.cursor() != null && !current.isOver()) {
      current.pause(outlet.retry().orElse(Duration.ZERO));
      var rest = new LineOutlet(out, outlet.cursor());
      switch (current.open(outlet.cursor())) {
        case Reply.Streaming(var feed, var _) -> feed.run(rest);
        case Reply.Refused _ -> {
          return; // it was cancelled: nothing is left
        }
        case Reply.Accepted _, Reply.Ended _, Reply.Answer _, Reply.Denied _, Reply.Limited _ ->
            rest.retry(LAST_ANSWERS);
      }
      answered += rest.responses();
      outlet = rest;
    }
  }

  /// One at a time: a client that says hello again begins anew.
  private void open(String id) {
    var former = session;
    session = new SessionStream(gateway, CLIENT, id, out, ended);
    if (former != null) {
      former.end();
    }
  }

  private void startSession() {
    var current = session;
    if (current != null) {
      current.start();
    }
  }

  private void fail(List<Message.Request> requests, String message) {
    requests.forEach(request -> refuse(request.id(), ErrorCode.INTERNAL_ERROR, message));
  }

  private void refuse(@Nullable RequestId id, int code, String message) {
    out.write(Codec.encode(new Response.Failure(id, new RpcError(code, message))));
  }

  @Override
  public void refuse() {
    refusing = true;
  }

  /// The next line is not served any more.
  @Override
  public void awaitRefused() {}

  @Override
  public int connections() {
    return ended.getCount() == 0 ? 0 : 1;
  }

  /// Ends the session.
  @Override
  public void close() {
    refuse();
    var current = session;
    if (current != null) {
      current.end();
    }
    out.close();
    ended.countDown();
  }

  /// Closes without a word to the database.
  @Override
  public void kill() {
    refuse();
    out.close();
    ended.countDown();
  }
}
