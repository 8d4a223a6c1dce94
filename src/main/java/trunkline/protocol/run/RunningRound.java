package trunkline.protocol.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.audit.Deed;
import trunkline.audit.Deeds;
import trunkline.audit.Ending;
import trunkline.audit.Unrecorded;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.NotUnicode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.protocol.round.Asked;
import trunkline.protocol.round.InputRequired;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.ResponseStream;
import trunkline.protocol.round.Round;
import trunkline.protocol.round.SealedState;
import trunkline.store.DatabaseFailure;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.Operation;

/// One round of a request without a session, on a virtual thread of its own. It ends with a result,
/// an error or questions, when its client goes away, or when the server stops: then a client whose
/// request may be repeated is asked to send it again.
final class RunningRound implements Runnable {
  private static final String STOPPING = "the request was interrupted: the server is stopping";

  /// As a tree and as bytes.
  private static final long RESULT_COPIES = 2;

  private final Services services;
  private final LoneRequest request;
  private final RequestId id;
  private final Round round;
  private final SealedState state;
  private final HandlerContext context;
  private final ResponseStream response;
  private final HeldMemory held = HeldMemory.here();
  private final HeldMemory asked;
  private final Deed deed;
  private final Consumer<RunningRound> ended;
  private final Thread thread;
  private final long begunNanos = System.nanoTime();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean stopped;

  /// @param asked what the request holds as long as it runs
  /// @param ended called when its answer is handed to its connection, or nobody waits for it
  RunningRound(
      Services services,
      RunningTasks tasks,
      LoneRequest request,
      Round round,
      SealedState state,
      HeldMemory asked,
      Consumer<RunningRound> ended) {
    this.services = services;
    this.request = request;
    this.id = request.message().id();
    this.round = round;
    this.state = state;
    this.asked = asked;
    this.deed = Deeds.take(id);
    this.ended = ended;
    this.response = new ResponseStream(this::clientGone);
    var operation = Operation.taken(request.message());
    operation.goOn(round.asked().map(Asked::span));
    this.context =
        new HandlerContext(
            request.caller(),
            request.revision(),
            request.message().params(),
            services,
            tasks,
            new RoundCarrier(services, response, round, id.encoded()),
            operation);
    context.whenGivenUp(result -> answer(new Response.Success(id, finished(result))));
    this.thread = Thread.ofVirtual().name("call-" + request.message().method()).unstarted(this);
  }

  /// @throws RpcException when its sender may not do what it asks for
  void admit() {
    request.method().admit(context, request.message().params());
  }

  /// It does not begin.
  ///
  /// @return what its client is told
  RpcException refused(RpcException why) {
    var answer = why.answering(id);
    context.operation().end(answer);
    return deed.end(Ending.of(answer)) ? why : new RpcException(Unrecorded.refusal());
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
          .emit(new ServerEvent.CallCancelled(0, id.encoded(), "the client closed its connection"));
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
      asked.run(() -> deed.run(this::handle));
    }
  }

  private void handle() {
    var last = HandlerResponse.failure(id, "internal error"); // should the handler end in an Error
    try {
      last = HandlerResponse.of(context, id, held, this::result, this::interrupted);
    } finally {
      Thread.interrupted(); // a late interrupt must not reach the end
      answer(last);
    }
  }

  /// @throws InputRequired also when the handler went on without an answer
  private JsonNode result() throws InterruptedException {
    var result = request.method().handle(context, request.message().params());
    if (round.isOpen()) {
      throw new InputRequired();
    }
    return finished(result);
  }

  private JsonNode finished(JsonNode result) {
    return result instanceof ObjectNode json ? request.finish().apply(json) : result;
  }

  private void answer(Response last) {
    if (answered.compareAndSet(false, true)) {
      var said = fitting(last);
      var ending = context.isCancelled() ? Ending.CANCELLED : Ending.of(said.response());
      var answer = recorded(said, ending);
      try { // before its client can send the next round, which follows it
        if (context.isCancelled()) {
          context.operation().end("cancelled");
        } else {
          context.operation().end(said.response());
        }
      } finally { // whatever a program's tracing does
        response.end(answer);
        ended.accept(this);
        services.ended(begunNanos, ending);
      }
    }
  }

  private ResponseStream.Answer recorded(Encoded answer, Ending ending) {
    var said = deed.end(ending) ? answer : Encoded.of(Unrecorded.instead(id));
    return new ResponseStream.Answer(said.error(), said.bytes());
  }

  /// Of what its client has to do before it goes on: answer, or, when the server stops and it may
  /// be repeated, only send it again, to an instance that stays.
  private Response interrupted() {
    var repeatable =
        stopped
            && !context.isCancelled()
            && request.asks()
            && request.method().isRetryable(request.message().params());
    return round.isOpen() || repeatable ? inputRequired() : HandlerResponse.failure(id, STOPPING);
  }

  private Response inputRequired() {
    var result = Codec.object().put("resultType", "input_required");
    if (round.isOpen()) {
      result.set("inputRequests", round.inputRequests(context.operation()));
      round.unanswered().forEach(this::tellAsked);
    }
    try {
      result.put("requestState", state.seal(round.recollection(Asked.now(context.operation()))));
      return new Response.Success(id, request.finish().apply(result));
    } catch (RpcException e) {
      return e.answering(id);
    } catch (DatabaseFailure e) { // the keys are a day old, and cannot be read
      context.failed(ServerEvent.place(e));
      return HandlerResponse.failure(id, "the database did not answer in time; try again later");
    }
  }

  private void tellAsked(Posed question) {
    var asker = services.self().get().value();
    services.events().emit(new ServerEvent.ClientAsked(asker, 0, question.method()));
  }

  /// What is too large for any client is an error instead, as is what is no text.
  private Encoded fitting(Response last) {
    try {
      var answer = Encoded.of(last);
      held.note(RESULT_COPIES * answer.bytes().length);
      services.streams().requireFits(answer.bytes());
      return answer;
    } catch (MessageTooLarge | NotUnicode e) {
      var problem = String.valueOf(e.getMessage());
      context.failed(problem);
      return Encoded.of(HandlerResponse.failure(id, "the response was not sent: " + problem));
    }
  }
}
