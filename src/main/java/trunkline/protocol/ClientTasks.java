package trunkline.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.RelayedQuestion;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Response;
import trunkline.task.Task;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;
import trunkline.task.TaskPolicy;

/// The tasks of whoever sent the request, and what the request can do for them. Others' tasks do
/// not exist here.
interface ClientTasks {
  TaskPolicy policy();

  /// Runs a tool as a task, which goes on when the request is answered.
  ///
  /// @param params of the call, without its `task`
  /// @return empty when the session has as many unfinished tasks as it may have
  Optional<Task> start(Tool tool, ObjectNode params, Duration ttl) throws InterruptedException;

  Optional<Task> find(TaskId id) throws InterruptedException;

  /// One page, the oldest first.
  List<Task> list(TaskKey after, int max) throws InterruptedException;

  /// Cancels it wherever it runs.
  ///
  /// @return empty when it does not run
  Optional<Task> cancel(TaskId id) throws InterruptedException;

  /// The response that it ended with.
  ///
  /// @return empty when it was cancelled
  Optional<Response> outcome(Task task) throws InterruptedException;

  /// Waits until it is not as it was seen.
  void awaitChange(Task seen) throws InterruptedException;

  /// What it wants to know from its client.
  List<TaskQuestion> questions(Task task) throws InterruptedException;

  /// Asks the client for it, on the stream of this request, and does not wait.
  ///
  /// @return empty when the session has ended
  Optional<RelayedQuestion> passOn(TaskQuestion question);

  /// Nobody wants the answer any more.
  void withdraw(RelayedQuestion question);
}
