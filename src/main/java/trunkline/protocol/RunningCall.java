package trunkline.protocol;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.Outcome;
import trunkline.feature.AskFailed;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ServerHandle;
import trunkline.feature.SessionValues;
import trunkline.feature.Severity;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Session;
import trunkline.store.Database;
import trunkline.stream.CallId;
import trunkline.stream.CallStream;
import trunkline.telemetry.ServerEvent;

/// One client's request while it is executed, on a virtual thread of its own; the handler's view of
/// it is the [CallContext].
final class RunningCall implements CallContext, Runnable {
  private final Layers core;
  private final Session session;
  private final Revision revision;
  private final Message.Request request;
  private final Method method;
  private final CallGroup group;
  private final int index;
  private final Progress progress;
  private final AtomicInteger questions = new AtomicInteger();
  private final Thread thread;
  private volatile @Nullable Severity least;
  private volatile boolean cancelled;
  private volatile boolean abandoned;

  RunningCall(
      Layers core,
      Session session,
      Revision revision,
      Message.Request request,
      Method method,
      CallGroup group,
      int index) {
    this.core = core;
    this.session = session;
    this.revision = revision;
    this.request = request;
    this.method = method;
    this.group = group;
    this.index = index;
    this.progress = new Progress(request.params());
    this.least = severity(session);
    this.thread = Thread.ofVirtual().name("call-" + request.method()).unstarted(this);
  }

  private static @Nullable Severity severity(Session session) {
    return session.logLevel().flatMap(level -> Severity.find(level.text())).orElse(null);
  }

  void start() {
    thread.start();
  }

  Session session() {
    return session;
  }

  /// The request's id as JSON text, in which 1 and "1" differ.
  String requestId() {
    return request.id().encoded();
  }

  /// The call's row, once it is a stream.
  Optional<CallId> row() {
    return group.openStream().map(stream -> stream.calls().get(index));
  }

  /// Another level was set, on whichever instance.
  void changed(Session now) {
    least = severity(now);
  }

  /// The client withdraws the request, or its session ended: no response.
  void cancel(String reason) {
    if (!cancelled) {
      cancelled = true;
      core.events().emit(new ServerEvent.CallCancelled(session.key().value(), requestId(), reason));
      thread.interrupt();
    }
  }

  /// The server stops: the handler is interrupted, and its client gets an error.
  void stop() {
    thread.interrupt();
  }

  /// This instance was declared dead or cannot trust its lease: the handler has to stop. What it
  /// ends with is stored all the same: an outage of the database ends every tenure and kills
  /// nobody, so nobody else would answer; and where somebody took the call over, our epoch is
  /// refused.
  void abandon() {
    abandoned = true;
    thread.interrupt();
  }

  @Override
  public void run() {
    var response = failure("internal error"); // should the handler end in an Error
    try {
      response = respond();
    } finally {
      Thread.interrupted(); // a late interrupt must not reach the writing of the answer
      core.calls().remove(this);
      try {
        group.answer(index, cancelled ? null : response);
      } catch (RuntimeException e) {
        core.events()
            .emit(
                new ServerEvent.CallFailed(
                    session.key().value(),
                    requestId(),
                    "its answer was not stored: " + Failures.place(e)));
      }
    }
  }

  private Response respond() {
    try {
      return new Response.Success(request.id(), method.handle(this, request.params()));
    } catch (RpcException e) {
      return e.answering(request.id());
    } catch (InterruptedException | CancellationException e) {
      return failure(
          abandoned
              ? "the call was interrupted because its instance lost touch with the others"
              : "the call was interrupted because the server is stopping");
    } catch (Exception e) {
      core.events()
          .emit(new ServerEvent.CallFailed(session.key().value(), requestId(), Failures.place(e)));
      return failure("internal error");
    }
  }

  private Response failure(String message) {
    return new Response.Failure(request.id(), new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public JsonNode ask(ClientRequest question) {
    for (var needed : question.needs()) {
      if (!supports(needed)) {
        throw new CapabilityMissing(needed);
      }
    }
    var patience = question.patience() == null ? core.policy().askPatience() : question.patience();
    var outcome =
        core.exchanges()
            .ask(
                openStream(),
                questions.incrementAndGet(),
                question.method(),
                question.params(),
                patience);
    return switch (outcome) {
      case Outcome.Answered(var result) -> result;
      case Outcome.Declined(var error) -> throw new AskFailed(error);
      case Outcome.Expired() ->
          throw new AskFailed(
              AskFailed.Reason.EXPIRED, "the client did not answer within " + patience);
      case Outcome.Gone() ->
          throw new AskFailed(
              AskFailed.Reason.SESSION_ENDED, "the session ended while the client was asked");
    };
  }

  private CallStream openStream() {
    return group.stream()
        .orElseThrow(() -> new AskFailed(AskFailed.Reason.SESSION_ENDED, "the session has ended"));
  }

  @Override
  public boolean supports(ClientCapability capability) {
    return revision.supports(capability, session.clientCapabilities());
  }

  @Override
  public void progress(double value, @Nullable Double total, @Nullable String message) {
    progress
        .next(value, total, message)
        .ifPresent(params -> notify("notifications/progress", params));
  }

  @Override
  public void log(Severity severity, @Nullable String logger, JsonNode data) {
    var minimum = least; // filtered before it makes the call a stream
    if (minimum != null && severity.compareTo(minimum) < 0) {
      return;
    }
    var params = Codec.object();
    params.put("level", severity.json());
    if (logger != null) {
      params.put("logger", logger);
    }
    params.set("data", data);
    notify("notifications/message", params);
  }

  /// Waits for the commit, so a handler cannot outrun the database. What a call has to say after
  /// its session ended is dropped.
  private void notify(String name, ObjectNode params) {
    throwIfCancelled();
    group.stream()
        .ifPresent(stream ->
            Database.await(stream.write(Codec.encode(new Message.Notification(name, params)))));
  }

  @Override
  public SessionValues values() {
    return new StoredValues(core.sessions().values(session.key()));
  }

  @Override
  public Optional<String> sessionId() {
    return Optional.of(session.id().value());
  }

  @Override
  public String principal() {
    return session.principal().name();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public ServerHandle server() {
    return core.server();
  }

  @Override
  public void releaseConnection() {
    if (revision.allowsPolling()) {
      group.stream().ifPresent(core.streams()::release);
    }
  }

  @Override
  public void setLogLevel(Severity wanted) {
    core.sessions().setLogLevel(session.key(), LogLevels.of(wanted));
  }

  @Override
  public void subscribe(String uri) {
    core.sessions().subscribe(session.key(), uri);
  }

  @Override
  public void unsubscribe(String uri) {
    core.sessions().unsubscribe(session.key(), uri);
  }
}
