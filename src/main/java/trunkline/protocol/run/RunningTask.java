package trunkline.protocol.run;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.audit.Deed;
import trunkline.audit.Ending;
import trunkline.audit.Unrecorded;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.NotUnicode;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.memory.HeldMemory;
import trunkline.protocol.wire.TaskSpelling;
import trunkline.store.OutagePatience;
import trunkline.task.AssignedTask;
import trunkline.task.TaskEnding;
import trunkline.task.TaskRun;
import trunkline.telemetry.ServerEvent;

/// One run of a task, on a virtual thread of its own: how it begins, is stopped, and ends.
final class RunningTask implements Runnable {
  /// The outcome is kept without the request's id: each fetch has its own.
  private static final RequestId NOBODYS = new RequestId.Whole(0);

  /// As a tree, as bytes, and in the statement.
  private static final long RESULT_COPIES = 3;

  private final Services services;
  private final HandlerContext context;
  private final AssignedTask assigned;
  private final Deed deed;
  private final Callable<JsonNode> handler;
  private final HeldMemory held;
  private final Consumer<RunningTask> ended;
  private final Thread thread;
  private final long begunNanos = System.nanoTime();
  private final ReentrantLock interrupting = new ReentrantLock();
  private volatile @Nullable String stopped;
  private boolean handled;
  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile boolean left;

  /// @param held with the request; all of it is given back at the end
  /// @param ended called after the last write
  RunningTask(
      Services services,
      HandlerContext context,
      AssignedTask assigned,
      Deed deed,
      Callable<JsonNode> handler,
      HeldMemory held,
      Consumer<RunningTask> ended) {
    this.services = services;
    this.context = context;
    this.assigned = assigned;
    this.deed = deed;
    this.handler = handler;
    this.held = held;
    this.ended = ended;
    context.whenGivenUp(this::giveUp);
    // not its id, which is in log lines then, and lets an anonymous client at the result
    this.thread = Thread.ofVirtual().name("task-" + assigned.task().key()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  /// Whether its row is as unfinished as before, though this run is over.
  boolean isLeft() {
    return left && !context.isCancelled();
  }

  boolean isOlder(long nanos) {
    return begunNanos - nanos < 0;
  }

  HandlerContext context() {
    return context;
  }

  TaskRun assignment() {
    return assigned.run();
  }

  /// Its row is not this run's any more: cancelled, expired or taken over. Nothing is written.
  void cancel() {
    context.cancel();
    interrupt();
  }

  /// The server stops, or cannot trust its lease any more: the handler must stop as well.
  ///
  /// @param because why, for the client of a task that cannot run again
  void stop(String because) {
    stopped = because;
    interrupt();
  }

  /// Only the handler: its outcome is stored, however long that takes.
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
    try (held) {
      held.run(() -> deed.run(this::runHere));
    } finally {
      context.operation().end("left_to_another_instance"); // unless it has ended
    }
  }

  private void runHere() {
    try {
      if (!hasBegun()) {
        left = true;
        var _ = deed.end(context.isCancelled() ? Ending.CANCELLED : Ending.HANDED_ON);
        return;
      }
      var response =
          HandlerResponse.of(
              context,
              NOBODYS,
              held,
              handler,
              () ->
                  failure("the task was interrupted because " + (stopped == null ? "" : stopped)));
      handled();
      left = isLeftToAnotherRun(response);
      if (context.isCancelled()) {
        var _ = deed.end(Ending.CANCELLED);
        context.operation().end("cancelled");
      } else if (left) {
        var _ = deed.end(Ending.HANDED_ON);
      } else if (ending.compareAndSet(false, true)) {
        end(recorded(fitting(response)));
        context.operation().end(response);
      }
    } catch (Exception e) {
      context.operation().end(e.getClass().getName());
      context.failed("its end was not stored: " + ServerEvent.place(e));
    } finally {
      ended.accept(this);
    }
  }

  /// Counts the run before its handler does anything. One that is stopped before that has not
  /// begun: its row is left as it is, for whoever takes it over.
  private boolean hasBegun() {
    try {
      return patience().call(() -> services.tasks().begin(assigned));
    } catch (InterruptedException | CancellationException e) {
      return false;
    }
  }

  /// A handler that was stopped and may run again: its row is left as it is, and taken over by
  /// another instance, or by this one when it can trust its lease again.
  private boolean isLeftToAnotherRun(Response response) {
    return assigned.rerunnable() && stopped != null && Complaint.of(response) != null;
  }

  /// A result that no stream would take could never be fetched; measured as it will be sent.
  private Response fitting(Response response) {
    try {
      if (response instanceof Response.Success(var _, ObjectNode result)) {
        var marked = TaskSpelling.mark(result, assigned.task().id());
        var bytes = Codec.encode(new Response.Success(TaskCarrier.LONGEST, marked));
        held.note(RESULT_COPIES * bytes.length); // however long the database is away
        services.streams().requireFits(bytes);
      } else {
        var _ = Codec.encode(response);
      }
      return response;
    } catch (MessageTooLarge | NotUnicode e) {
      return failure("the result was not kept: " + e.getMessage());
    }
  }

  private Response recorded(Response response) {
    return deed.end(Ending.of(response)) ? response : Unrecorded.instead(NOBODYS);
  }

  /// The handler hears no interrupt; what it returns at last is dropped.
  private void giveUp(JsonNode result) {
    if (!context.isCancelled() && ending.compareAndSet(false, true)) {
      try {
        end(recorded(fitting(new Response.Success(NOBODYS, result))));
      } catch (Exception e) {
        context.failed("its end was not stored: " + ServerEvent.place(e));
      }
    }
  }

  private static Response failure(String message) {
    return HandlerResponse.failure(NOBODYS, message);
  }

  private void end(Response response) throws InterruptedException {
    var complaint = Complaint.of(response);
    var ending =
        complaint == null ? TaskEnding.completed(response) : TaskEnding.failed(complaint, response);
    var _ = patience().call(() -> services.tasks().end(assigned.run(), ending));
  }

  /// As long as the task is kept.
  private OutagePatience patience() {
    return new OutagePatience(assigned.task().ttl());
  }
}
