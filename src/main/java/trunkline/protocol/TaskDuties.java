package trunkline.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.task.AssignedTask;

/// What an instance does for tasks by itself.
public final class TaskDuties {
  private final Layers core;

  /// Ours by now, but not begun: the database was away in between. Their one run must not be lost.
  private final List<AssignedTask> unbegun = new ArrayList<>();

  private boolean leaving;

  TaskDuties(Layers core) {
    this.core = core;
  }

  /// Looks at the tasks that run here or are waited for here; runs when the doorbell for tasks
  /// rings, and at its pace.
  ///
  /// @return how much had changed
  public int poll() {
    return core.tasks().watch().poll();
  }

  /// Goes on with what lost instances left unfinished, at most so many.
  ///
  /// @return how many tasks were taken over
  public synchronized int takeOver(int max) {
    if (leaving) {
      return 0;
    }
    var running = new ArrayList<>(core.tasks().watch().running());
    unbegun.forEach(task -> running.add(task.run().task()));
    var inherited = core.tasks().tasks().takeOver(running, max);
    unbegun.addAll(inherited);
    for (var task : List.copyOf(unbegun)) {
      begin(task);
      unbegun.remove(task); // not reached when the database is away
    }
    return inherited.size();
  }

  /// This instance is about to leave, and takes nothing over any more: what is begun now would be
  /// stopped at once, and nothing runs a third time.
  public synchronized void leave() {
    leaving = true;
  }

  private void begin(AssignedTask task) {
    var session = core.sessions().find(task.session(), task.principal());
    if (session.isPresent()) {
      core.tasks().run(core, session.get(), task, params(task));
    } else {
      fail(task, "its instance was lost and its session has ended, so it cannot run again");
    }
  }

  private static ObjectNode params(AssignedTask task) {
    return Codec.objectFrom(new String(task.request(), StandardCharsets.UTF_8));
  }

  private void fail(AssignedTask task, String why) {
    var reason = Codec.object().put("reason", "executor_lost");
    var error = new RpcError(ErrorCode.INTERNAL_ERROR, why, reason);
    core.tasks().tasks().fail(task.run(), why, new Response.Failure(null, error));
  }

  /// Removes what has expired, at most so many.
  public int sweep(int max) {
    return core.tasks().tasks().sweep(max);
  }
}
