package trunkline.protocol.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import trunkline.audit.Deed;
import trunkline.audit.Ending;
import trunkline.audit.Unrecorded;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.NotUnicode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.session.CallId;
import trunkline.session.Session;
import trunkline.telemetry.ServerEvent;

/// One run of a client's request, on a virtual thread of its own: how it begins, is stopped, and
/// ends. One that is stopped with its instance, and may run again, is left to another.
final class RunningCall implements Runnable {
  private static final String STOPPING = "the call was interrupted because the server is stopping";

  /// As a tree and as bytes.
  private static final long RESULT_COPIES = 2;

  private final Services services;
  private final HandlerContext context;
  private final Message.Request request;
  private final Method method;
  private final CallGroup.Place place;
  private final Attempt attempt;
  private final Deed deed;
  private final RunningCalls running;
  private final HeldMemory held = HeldMemory.here();
  private final Thread thread;
  private final long begunNanos = System.nanoTime();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean abandoned;
  private volatile boolean handedOn;

  /// @param running forgets the call before its answer, and counts it until after
  RunningCall(
      Services services,
      HandlerContext context,
      Message.Request request,
      Method method,
      CallGroup.Place place,
      Attempt attempt,
      Deed deed,
      RunningCalls running) {
    this.services = services;
    this.context = context;
    this.request = request;
    this.method = method;
    this.place = place;
    this.attempt = attempt;
    this.deed = deed;
    this.running = running;
    context.whenGivenUp(result -> answer(new Response.Success(request.id(), result)));
    this.thread = Thread.ofVirtual().name("call-" + request.method()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  boolean isOlder(long nanos) {
    return begunNanos - nanos < 0;
  }

  HandlerContext context() {
    return context;
  }

  Session session() {
    return context.caller().session().orElseThrow();
  }

  /// The request's id as JSON text, in which 1 and "1" differ.
  String requestId() {
    return request.id().encoded();
  }

  /// The call's row, once it is a stream.
  Optional<CallId> row() {
    return place.row();
  }

  /// The client withdraws the request, or its session ended: no response.
  void cancel(String reason) {
    if (context.cancel()) {
      services
          .events()
          .emit(new ServerEvent.CallCancelled(session().key().value(), requestId(), reason));
      thread.interrupt();
    }
  }

  /// The server stops: the handler is interrupted. The call is run again elsewhere if it may be,
  /// else its client gets an error.
  void stop() {
    interrupt();
  }

  /// This instance was declared dead or cannot trust its lease: the handler has to stop. The call
  /// is run again if it may be, by ourselves when nobody else does. What another ends with is
  /// stored all the same: an outage of the database ends every tenure and kills nobody, so nobody
  /// else would answer; and where somebody took the call over, our epoch is refused.
  void abandon() {
    abandoned = true;
    interrupt();
  }

  private void interrupt() {
    if (attempt.runs().next() && place.row().isPresent()) {
      place.handOn(); // before the handler hears of it: what it asks is asked by the next run
      handedOn = true;
    }
    thread.interrupt();
  }

  /// What was asked, and what the handler is told on the way, is kept until it ends: its connection
  /// may be gone long before.
  @Override
  public void run() {
    try (var asked = place.asked()) {
      asked.run(() -> deed.run(this::handle));
    }
  }

  private void handle() {
    if (!hasBegun()) {
      if (context.isCancelled()) {
        answer(failure(STOPPING)); // which a cancelled call does not get
      } else {
        leaveToAnother();
      }
      return;
    }
    var response = failure("internal error"); // should the handler end in an Error
    try {
      response =
          HandlerResponse.of(
              context,
              request.id(),
              held,
              () -> method.handle(context, request.params()),
              this::interrupted);
    } finally {
      Thread.interrupted(); // a late interrupt must not reach the writing of the answer
      if (handedOn && Complaint.of(response) != null) {
        leaveToAnother();
      } else {
        answer(response);
      }
    }
  }

  private boolean hasBegun() {
    var begins = attempt.begins();
    if (begins == null) {
      return true;
    }
    try {
      return services.patiently(begins::getAsBoolean);
    } catch (InterruptedException e) {
      return false;
    } catch (RuntimeException e) {
      context.failed("its next run could not begin: " + ServerEvent.place(e));
      return false;
    }
  }

  /// The handler was stopped and goes on all the same: another instance runs it again, or its
  /// client gets the error now, because nobody is there to send it later.
  void giveUp() {
    if (handedOn) {
      leaveToAnother();
    } else {
      answer(failure(STOPPING));
    }
  }

  private void leaveToAnother() {
    if (answered.compareAndSet(false, true)) {
      running.remove(this);
      var _ = deed.end(Ending.HANDED_ON);
      running.left(place.leaveToAnother());
      services.ended(begunNanos, Ending.HANDED_ON);
      running.answered(this);
      context.operation().end("left_to_another_instance");
    }
  }

  private void answer(Response response) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    running.remove(this); // before the answer: its client may use the id again
    var ending = Ending.FAILED; // unless its answer is stored
    try (var _ = context.scope()) {
      if (context.isCancelled()) {
        var _ = deed.end(Ending.CANCELLED);
        place.leave();
        ending = Ending.CANCELLED;
        context.operation().end("cancelled");
      } else {
        var said = fitting(response);
        ending = send(said);
        context.operation().end(said.response());
      }
    } catch (RuntimeException e) {
      context.failed("its answer was not stored: " + ServerEvent.place(e));
      context.operation().end(e.getClass().getName());
    } finally {
      running.answered(this);
      services.ended(begunNanos, ending);
    }
  }

  /// It does not begin.
  void refuse(RpcException why) {
    services.ended(begunNanos, send(Encoded.of(why.answering(request.id()))));
  }

  /// How it ended.
  private Ending send(Encoded answer) {
    var ending = Ending.of(answer.response());
    var said = deed.end(ending) ? answer : Encoded.of(Unrecorded.instead(request.id()));
    place.answer(said.bytes(), said.error());
    return ending;
  }

  private Response interrupted() {
    return failure(
        abandoned
            ? "the call was interrupted because its instance lost touch with the others"
            : STOPPING);
  }

  /// A response that no stream would take is no better as a body: the client gets an error instead.
  /// So does one of which not every text is one.
  private Encoded fitting(Response response) {
    try {
      var answer = Encoded.of(response);
      held.note(RESULT_COPIES * answer.bytes().length);
      services.streams().requireFits(answer.bytes());
      return answer;
    } catch (MessageTooLarge | NotUnicode e) {
      var problem = String.valueOf(e.getMessage());
      context.failed(problem);
      return Encoded.of(failure("the response was not sent: " + problem));
    }
  }

  private Response failure(String message) {
    return HandlerResponse.failure(request.id(), message);
  }
}
