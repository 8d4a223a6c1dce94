package trunkline.protocol;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.task.Inherited;
import trunkline.task.StartedTask;

/// What an instance does for tasks by itself.
public final class TaskDuties {
  private final Layers core;

  TaskDuties(Layers core) {
    this.core = core;
  }

  /// Looks at the tasks that run here or are waited for here; runs when the doorbell for tasks
  /// rings, and at its pace.
  ///
  /// @return how much had changed
  public int look() {
    return core.tasks().watch().look();
  }

  /// Goes on with what lost instances left unfinished, at most so many.
  ///
  /// @return how many tasks are run again here
  public int takeOver(int max) {
    var inherited = core.tasks().tasks().takeOver(core.tasks().watch().running(), max);
    inherited.forEach(this::runAgain);
    return inherited.size();
  }

  private void runAgain(Inherited task) {
    var session = core.sessions().find(task.session(), task.principal());
    if (session.isPresent()) {
      core.tasks()
          .run(core, session.get(), new StartedTask(task.task(), task.run()), params(task), true);
    } else {
      fail(task, "its instance was lost and its session has ended, so it cannot run again");
    }
  }

  private static ObjectNode params(Inherited task) {
    return Codec.objectFrom(new String(task.request(), StandardCharsets.UTF_8));
  }

  private void fail(Inherited task, String why) {
    var reason = Codec.object().put("reason", "executor_lost");
    var error = new RpcError(ErrorCode.INTERNAL_ERROR, why, reason);
    var _ = core.tasks().tasks().end(task.run(), true, why, new Response.Failure(null, error));
  }

  /// Removes what has expired, at most so many.
  public int sweep(int max) {
    return core.tasks().tasks().sweep(max);
  }
}
