package trunkline.protocol;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;
import trunkline.call.CallStream;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.Outcome;
import trunkline.exchange.RelayedQuestion;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Session;
import trunkline.store.Database;
import trunkline.stream.CallId;
import trunkline.telemetry.ServerEvent;

/// One client's request while it is executed, on a virtual thread of its own; the handler's view of
/// it is the [CallContext].
final class RunningCall extends SessionContext implements Runnable {
  private final Message.Request request;
  private final Method method;
  private final CallGroup group;
  private final int index;
  private final AtomicInteger questions = new AtomicInteger();
  private final Thread thread;
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
    super(core, session, revision, request.params());
    this.request = request;
    this.method = method;
    this.group = group;
    this.index = index;
    this.thread = Thread.ofVirtual().name("call-" + request.method()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  /// The request's id as JSON text, in which 1 and "1" differ.
  String requestId() {
    return request.id().encoded();
  }

  /// The call's row, once it is a stream.
  Optional<CallId> row() {
    return group.openStream().map(stream -> stream.calls().get(index));
  }

  /// The client withdraws the request, or its session ended: no response.
  void cancel(String reason) {
    if (!cancelled) {
      cancelled = true;
      core.events()
          .emit(new ServerEvent.CallCancelled(session().key().value(), requestId(), reason));
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
        group.answer(index, cancelled ? null : fitting(response));
      } catch (RuntimeException e) {
        core.events()
            .emit(
                new ServerEvent.CallFailed(
                    session().key().value(),
                    requestId(),
                    "its answer was not stored: " + HandlerErrors.place(e)));
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
          .emit(
              new ServerEvent.CallFailed(
                  session().key().value(), requestId(), HandlerErrors.place(e)));
      return failure("internal error");
    }
  }

  /// A response that no stream would take is no better as a body: the client gets an error instead.
  private byte[] fitting(Response response) {
    var bytes = Codec.encode(response);
    try {
      core.streams().requireFits(bytes);
      return bytes;
    } catch (MessageTooLarge e) {
      var problem = String.valueOf(e.getMessage());
      core.events().emit(new ServerEvent.CallFailed(session().key().value(), requestId(), problem));
      return Codec.encode(failure("the response was not sent: " + problem));
    }
  }

  private Response failure(String message) {
    return new Response.Failure(request.id(), new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }

  @Override
  Outcome put(String question, ObjectNode params, AskTimeouts waiting) {
    return core.exchanges()
        .ask(openStream().writer(), questions.incrementAndGet(), question, params, waiting);
  }

  @Override
  public ClientTasks tasks() {
    return new CallTasks(core, this);
  }

  /// Puts a task's question to the client and does not wait.
  Optional<RelayedQuestion> passOn(TaskQuestion question) {
    return core.exchanges().passOn(openStream().writer(), questions.incrementAndGet(), question);
  }

  private CallStream openStream() {
    return group.stream()
        .orElseThrow(() ->
            new ClientRequestFailed(
                ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended"));
  }

  /// What a call has to say after its session ended is dropped.
  @Override
  void send(Message.Notification notification) {
    group.stream()
        .ifPresent(stream -> Database.await(stream.writer().write(Codec.encode(notification))));
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void releaseConnection() {
    if (revision().allowsPolling()) {
      group.stream().ifPresent(core.streamedCalls()::release);
    }
  }
}
