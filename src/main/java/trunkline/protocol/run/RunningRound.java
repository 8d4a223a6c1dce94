package trunkline.protocol.run;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.NotUnicode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.memory.MemoryShort;
import trunkline.protocol.wire.Revision;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.ServerEvent;

/// One round of a request without a session, on a virtual thread of its own. It ends with a result,
/// an error or questions, when its client goes away, or when the server stops: then a client whose
/// request may be repeated is asked to send it again.
final class RunningRound implements Runnable {
  private static final String STOPPING = "the request was interrupted: the server is stopping";

  /// As a tree and as bytes.
  private static final long RESULT_COPIES = 2;

  private final Services services;
  private final Message.Request request;
  private final Method method;
  private final UnaryOperator<ObjectNode> finish;
  private final Round round;
  private final SealedState state;
  private final HandlerContext context;
  private final ResponseStream response;
  private final HeldMemory held = HeldMemory.here();
  private final HeldMemory asked;
  private final Consumer<RunningRound> ended;
  private final Thread thread;
  private final long begunNanos = System.nanoTime();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean stopped;

  /// @param finish completes a result for the client
  /// @param asked what the request holds as long as it runs
  /// @param ended called when its answer is handed to its connection, or nobody waits for it
  RunningRound(
      Services services,
      Caller caller,
      Revision revision,
      Message.Request request,
      Method method,
      UnaryOperator<ObjectNode> finish,
      Round round,
      SealedState state,
      RunningTasks tasks,
      HeldMemory asked,
      Consumer<RunningRound> ended) {
    this.services = services;
    this.request = request;
    this.method = method;
    this.finish = finish;
    this.round = round;
    this.state = state;
    this.asked = asked;
    this.ended = ended;
    this.response = new ResponseStream(this::clientGone);
    var carrier = new RoundCarrier(services, response, round, request.id().encoded());
    this.context = new HandlerContext(caller, revision, request.params(), services, tasks, carrier);
    this.thread = Thread.ofVirtual().name("call-" + request.method()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  ResponseStream response() {
    return response;
  }

  Caller caller() {
    return context.caller();
  }

  boolean isOlder(long nanos) {
    return begunNanos - nanos < 0;
  }

  /// To close the connection is how its client cancels it.
  private void clientGone() {
    if (!answered.get() && context.cancel()) {
      services
          .events()
          .emit(
              new ServerEvent.CallCancelled(
                  0, request.id().encoded(), "the client closed its connection"));
      thread.interrupt();
    }
  }

  /// The server stops: the handler is interrupted.
  void stop() {
    stopped = true;
    thread.interrupt();
  }

  /// The handler was stopped and goes on all the same: its client need not wait for it.
  void giveUp() {
    answer(interrupted());
  }

  @Override
  public void run() {
    try (asked) {
      asked.run(this::handle);
    }
  }

  private void handle() {
    Response last = failure("internal error"); // should the handler end in an Error
    try {
      last = respond();
    } finally {
      Thread.interrupted(); // a late interrupt must not reach the end
      answer(last);
    }
  }

  private void answer(Response last) {
    if (answered.compareAndSet(false, true)) {
      var fitting = fitting(last);
      var error = fitting instanceof Response.Failure(var _, var why) ? why.code() : 0;
      response.end(new ResponseStream.Answer(error, Codec.encode(fitting)));
      ended.accept(this);
    }
  }

  private Response respond() {
    try {
      held.awaitRoom(); // results that wait to be written hold up those that would be next
      var result = method.handle(context, request.params());
      return round.isOpen() ? inputRequired() : success(result);
    } catch (InputRequired _) {
      return inputRequired();
    } catch (RpcException e) {
      return e.answering(request.id());
    } catch (InterruptedException | CancellationException e) {
      return round.isOpen() ? inputRequired() : interrupted();
    } catch (MemoryShort _) {
      return failure("the server is short of memory; try again later");
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      context.failed(ServerEvent.place(e));
      return failure("the database did not answer in time; try again later");
    } catch (RightMissing e) {
      context.failed(ServerEvent.place(e));
      return failure(RightMissing.SAID);
    } catch (Exception | Error e) { // this thread is this request's alone
      context.failed(ServerEvent.place(e));
      return failure("internal error");
    }
  }

  private Response success(JsonNode result) {
    return result instanceof ObjectNode json
        ? new Response.Success(request.id(), finish.apply(json))
        : new Response.Success(request.id(), result);
  }

  /// What may be repeated is: its client sends it again, to an instance that stays.
  private Response interrupted() {
    return stopped && !context.isCancelled() && method.isRetryable(request.params())
        ? inputRequired()
        : failure(STOPPING);
  }

  /// The questions, if there are any, and what to remember until they are answered.
  private Response inputRequired() {
    var result = Codec.object().put("resultType", "input_required");
    try {
      if (round.isOpen()) {
        result.set("inputRequests", round.inputRequests());
        round.asked().forEach(this::tellAsked);
      }
      result.put("requestState", state.seal(round.recollection()));
      return new Response.Success(request.id(), finish.apply(result));
    } catch (RpcException e) {
      return e.answering(request.id());
    }
  }

  private void tellAsked(Posed question) {
    var asker = services.self().get().value();
    services.events().emit(new ServerEvent.ClientAsked(asker, 0, question.method()));
  }

  /// What is too large for any client is an error instead, as is what is no text.
  private Response fitting(Response last) {
    try {
      var bytes = Codec.encode(last);
      held.note(RESULT_COPIES * bytes.length);
      services.streams().requireFits(bytes);
      return last;
    } catch (MessageTooLarge | NotUnicode e) {
      var problem = String.valueOf(e.getMessage());
      context.failed(problem);
      return failure("the response was not sent: " + problem);
    }
  }

  private Response failure(@Nullable String message) {
    return new Response.Failure(
        request.id(), new RpcError(ErrorCode.INTERNAL_ERROR, String.valueOf(message)));
  }
}
