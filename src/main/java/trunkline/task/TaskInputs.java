package trunkline.task;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.Exchanges;
import trunkline.exchange.Outcome;
import trunkline.exchange.TaskQuestion;
import trunkline.jsonrpc.Codec;
import trunkline.stream.Question;
import trunkline.task.TaskInputStore.Asked;
import trunkline.task.TaskInputStore.Input;

/// What tasks ask their clients. A task has no stream: its questions wait in `task_inputs` until a
/// client waits for the task's result, on whichever instance, which then puts them on that call's
/// stream.
public final class TaskInputs {
  private final Tasks tasks;
  private final Exchanges exchanges;
  private final TaskInputStore store = new TaskInputRows();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

  /// One at a time: whether a task waits for anything else is read by the statement that settles,
  /// whose snapshot must be newer than whatever this instance did before. No other instance writes
  /// here, it is fenced.
  private final ReentrantLock writing = new ReentrantLock();

  private record Waiting(TaskRun run, CompletableFuture<Outcome> answer) {}

  public TaskInputs(Tasks tasks, Exchanges exchanges) {
    this.tasks = tasks;
    this.exchanges = exchanges;
  }

  /// Asks the task's client and waits for what becomes of it; a question that a former run asked in
  /// the same words, and that was answered, is answered at once.
  ///
  /// @param ordinal which question of the task this is, from 1
  /// @param patience how long to wait, if not for as long as the task is kept
  /// @throws CancellationException when the caller was interrupted; the question stays with the
  ///   task
  public Outcome ask(
      TaskRun run, int ordinal, String method, ObjectNode params, @Nullable Duration patience) {
    var input =
        new Input(
            ordinal,
            method,
            Codec.text(params).getBytes(StandardCharsets.UTF_8),
            Question.digest(method, params),
            (patience == null ? tasks.policy().ttlMax() : patience).toMillis());
    var asked = asked(run, input);
    if (asked.isEmpty()) {
      return new Outcome.Gone();
    }
    if (asked.get().answer() != null) {
      return Outcome.of(asked.get().answer());
    }
    var id = asked.get().input();
    var waiter = new Waiting(run, new CompletableFuture<>());
    waiting.put(id, waiter);
    try {
      tasks.told(Optional.ofNullable(asked.get().changed()));
      return await(id, waiter, asked.get().patienceMillis());
    } finally {
      waiting.remove(id);
    }
  }

  private Optional<Asked> asked(TaskRun run, Input input) {
    writing.lock();
    try {
      return tasks.database().call(c -> store.ask(c, run, input));
    } finally {
      writing.unlock();
    }
  }

  private Outcome await(long input, Waiting waiter, long millis) {
    try {
      return waiter.answer().get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      look(); // an answer that came in time counts, however late it is found
      settle(input, waiter, null);
      return waiter.answer().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("cancelled while the client was asked");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Looks whether clients have answered; runs when the doorbell for tasks rings, and at its pace.
  /// A task whose row somebody keeps locked is left for the next look and holds up no other.
  ///
  /// @return how many had
  int look() {
    var answers = exchanges.answersTo(List.copyOf(waiting.keySet()));
    RuntimeException failure = null;
    for (var answered : answers.entrySet()) {
      var waiter = waiting.get(answered.getKey());
      if (waiter != null) {
        try {
          settle(answered.getKey(), waiter, answered.getValue());
        } catch (RuntimeException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return answers.size();
  }

  /// Stores what became of a question, then tells who asked: a re-run has to find it.
  private void settle(long input, Waiting waiter, byte @Nullable [] answer) {
    writing.lock();
    try {
      if (waiter.answer().isDone()) {
        return;
      }
      tasks.told(tasks.database().call(c -> store.settle(c, waiter.run(), input, answer)));
      waiter.answer().complete(answer == null ? new Outcome.Expired() : Outcome.of(answer));
    } finally {
      writing.unlock();
    }
  }

  /// What a task waits for now, for whoever can ask its client.
  public List<TaskQuestion> open(Task task) {
    return tasks.database().call(c -> store.open(c, task.key())).stream()
        .map(open ->
            new TaskQuestion(
                open.input(),
                open.method(),
                Codec.objectFrom(new String(open.params(), StandardCharsets.UTF_8)),
                Duration.ofMillis(open.patienceMillis())))
        .toList();
  }
}
