package trunkline.protocol;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Session;
import trunkline.store.Database;
import trunkline.store.OutagePatience;
import trunkline.stream.StreamId;
import trunkline.task.AssignedTask;
import trunkline.task.TaskEnding;
import trunkline.telemetry.ServerEvent;

/// A call while it is executed as a task, on a virtual thread of its own. What it says goes to the
/// standalone stream of the session that asked for it; what it asks waits for whoever fetches its
/// result.
final class RunningTask extends SessionContext implements Runnable {
  /// The outcome is kept without the request's id: who fetches it has one of its own.
  private static final RequestId NOBODYS = new RequestId.Whole(0);

  /// As long as the id of any question.
  private static final RequestId LONGEST = new RequestId.Whole(Long.MAX_VALUE);

  private final AssignedTask started;
  private final ObjectNode params;
  private final Method method;
  private final AtomicInteger questions = new AtomicInteger();
  private final Thread thread;
  private final ReentrantLock interrupting = new ReentrantLock();
  private volatile boolean cancelled;
  private volatile String stopped = "";
  private boolean handled;

  RunningTask(
      Layers core, Session session, AssignedTask started, ObjectNode params, Method method) {
    super(core, session, Revision.of(session), params);
    this.started = started;
    this.params = params;
    this.method = method;
    this.thread = Thread.ofVirtual().name("task-" + started.task().id()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  AssignedTask started() {
    return started;
  }

  /// Its row is not this run's any more: cancelled, expired or taken over. Nothing is written.
  void cancel() {
    cancelled = true;
    interrupt();
  }

  /// The server stops, or cannot trust its lease any more: the handler has to stop as well.
  ///
  /// @param because why, for the client of a task that cannot run again
  void stop(String because) {
    stopped = because;
    interrupt();
  }

  /// Only the handler: what it ended with is stored, however long that takes.
  private void interrupt() {
    interrupting.lock();
    try {
      if (!handled) {
        thread.interrupt();
      }
    } finally {
      interrupting.unlock();
    }
  }

  private void handled() {
    interrupting.lock();
    try {
      handled = true;
      Thread.interrupted(); // a late interrupt must not reach the writing of the end
    } finally {
      interrupting.unlock();
    }
  }

  @Override
  public void run() {
    try {
      var response = respond();
      handled();
      if (!cancelled && !isLeftToAnotherRun(response)) {
        end(fitting(response));
      }
    } catch (Exception e) {
      failed("its end was not stored: " + HandlerErrors.place(e));
    } finally {
      core.tasks().ended(this);
    }
  }

  private Response respond() {
    try {
      return new Response.Success(NOBODYS, method.handle(this, params));
    } catch (RpcException e) {
      return e.answering(NOBODYS);
    } catch (InterruptedException | CancellationException e) {
      return failure("the task was interrupted because " + stopped);
    } catch (Exception e) {
      failed(HandlerErrors.place(e));
      return failure("internal error");
    }
  }

  /// A handler that was stopped and may run again: its row is left as it is, and taken over by
  /// another instance, or by this one when it can trust its lease again.
  private boolean isLeftToAnotherRun(Response response) {
    return started.rerunnable() && !stopped.isEmpty() && complaint(response) != null;
  }

  private void failed(String why) {
    var task = "task " + started.task().id();
    core.events().emit(new ServerEvent.CallFailed(session().key().value(), task, why));
  }

  /// A result that no stream would take could never be fetched; measured as it will be sent.
  private Response fitting(Response response) {
    try {
      if (response instanceof Response.Success(var _, ObjectNode result)) {
        var marked = RelatedTask.mark(result, started.task().id());
        core.streams().requireFits(Codec.encode(new Response.Success(LONGEST, marked)));
      }
      return response;
    } catch (MessageTooLarge e) {
      return failure("the result was not kept: " + e.getMessage());
    }
  }

  private static Response failure(String message) {
    return new Response.Failure(NOBODYS, new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }

  private void end(Response response) throws InterruptedException {
    var message = complaint(response);
    var ending =
        message == null ? TaskEnding.completed(response) : TaskEnding.failed(message, response);
    var _ =
        new OutagePatience(started.task().ttl())
            .call(() -> core.tasks().tasks().end(started.run(), ending));
  }

  /// Why the task has failed, in short; null when it has not.
  private static @Nullable String complaint(Response response) {
    return switch (response) {
      case Response.Failure(var _, var error) -> Abbreviation.of(error.message());
      case Response.Success(var _, var result) ->
          result.path("isError").asBoolean(false)
              ? Abbreviation.of(
                  result.path("content").path(0).path("text").asString("the tool failed"))
              : null;
    };
  }

  @Override
  Duration patience() {
    return started.task().ttl();
  }

  /// Whoever waits for the task passes the question on, and no progress comes back from there.
  @Override
  Outcome put(String question, ObjectNode asked, AskTimeouts waiting) {
    var marked = RelatedTask.mark(asked, started.task().id());
    core.streams() // here, where the tool is told, and not where it is passed on
        .requireFits(Codec.encode(new Message.Request(LONGEST, question, marked)));
    return core.tasks()
        .inputs()
        .ask(started.run(), questions.incrementAndGet(), question, marked, waiting.patience());
  }

  @Override
  void send(Message.Notification notification) {
    var marked =
        new Message.Notification(
            notification.method(), RelatedTask.mark(notification.params(), started.task().id()));
    Database.await(
        core.streams().send(new StreamId(session().standaloneStream()), Codec.encode(marked)));
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  /// It has no connection.
  @Override
  public void releaseConnection() {}

  /// A task can neither start others nor wait for them: it has no stream.
  @Override
  public ClientTasks tasks() {
    throw new IllegalStateException("a task has no request that could ask for tasks");
  }
}
