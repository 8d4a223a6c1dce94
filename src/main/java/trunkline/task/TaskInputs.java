package trunkline.task;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.Exchanges;
import trunkline.exchange.Outcome;
import trunkline.exchange.TaskInputId;
import trunkline.exchange.TaskQuestion;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.store.Interruption;
import trunkline.store.LockPatience;
import trunkline.store.OutagePatience;
import trunkline.stream.Question;
import trunkline.task.TaskInputRows.Input;
import trunkline.trace.ChildSpan;

/// The questions of tasks to clients. A task has no stream: its questions wait in `task_inputs`
/// until a client answers them by name (2026-07-28), or waits for the task's result (2025-11-25),
/// on whichever instance, which then puts them on that call's stream.
public final class TaskInputs {
  /// An outage, or an operator who keeps a task locked, must not fail its handler.
  private static final OutagePatience OUTAGE = new OutagePatience(Duration.ofMinutes(5));

  private static final LockPatience NOT_NOW = new LockPatience(Duration.ZERO);
  private static final LockPatience LOCKS = new LockPatience(Duration.ofMinutes(5));

  /// What is answered by name has no request of its own.
  private static final RequestId NOBODYS = new RequestId.Whole(0);

  private final Tasks tasks;
  private final Exchanges exchanges;
  private final TaskInputRows rows;
  private final Map<TaskInputId, Waiting> waiting = new ConcurrentHashMap<>();

  /// @param answer empty when none came in time
  private record Waiting(TaskRun run, CompletableFuture<Optional<byte[]>> answer) {}

  public TaskInputs(Tasks tasks, Exchanges exchanges) {
    this.tasks = tasks;
    this.rows = new TaskInputRows(tasks.database());
    this.exchanges = exchanges;
  }

  /// Asks the task's client and waits for the outcome; a question that a former run asked in the
  /// same words, and that was answered, is answered at once.
  ///
  /// @param ordinal 1-based, of the questions of the task
  /// @param name no other question of the task has it
  /// @param patience how long to wait, if not for as long as the task is kept
  /// @throws CancellationException when the caller was interrupted; the question stays with the
  ///   task
  public Outcome ask(
      TaskRun run,
      int ordinal,
      String name,
      String method,
      ObjectNode params,
      @Nullable Duration patience) {
    try (var span = ChildSpan.question(method)) {
      var input =
          new Input(
              ordinal,
              name,
              method,
              Codec.text(span.marked(params)).getBytes(StandardCharsets.UTF_8),
              Question.digest(method, params),
              (patience == null ? tasks.policy().ttlMax() : patience).toMillis());
      var outcome = ask(run, input);
      outcome.failure().ifPresent(span::failed);
      return outcome;
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while the client was asked", e);
    }
  }

  /// Asking may be repeated: a question is known by its place and its words.
  private Outcome ask(TaskRun run, Input input) throws InterruptedException {
    var asked = OUTAGE.call(() -> rows.ask(run, input, LOCKS));
    if (asked.isEmpty()) {
      return new Outcome.Gone();
    }
    if (asked.get().answer() != null) {
      return Outcome.held(asked.get().answer());
    }
    var id = asked.get().input();
    var waiter = new Waiting(run, new CompletableFuture<>());
    waiting.put(id, waiter);
    try {
      tasks.notified(Optional.ofNullable(asked.get().changed()));
      return await(id, waiter, asked.get().patienceMillis());
    } finally {
      waiting.remove(id, waiter); // a later run may wait by now
    }
  }

  private Outcome await(TaskInputId input, Waiting waiter, long millis)
      throws InterruptedException {
    try {
      return outcome(waiter.answer().get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      OUTAGE.call(() -> {
        // an answer that came in time counts, however late it is found
        settle(input, waiter, exchanges.answersTo(List.of(input)).get(input), LOCKS);
        return true;
      });
      return outcome(waiter.answer().join());
    } catch (InterruptedException e) {
      // It is not waited for any more, unless the task is run again and asks again.
      var _ = rows.expire(waiter.run(), input).thenAccept(tasks::notified);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outcome outcome(Optional<byte[]> answer) {
    return answer.map(Outcome::held).orElseGet(Outcome.Expired::new);
  }

  /// Finds clients' answers; called on each wake-up and on every poll. A task whose row is locked
  /// is left for the next poll and holds up no other.
  ///
  /// @return how many had
  int poll() {
    var found = findAnswered();
    var left = new ArrayList<>(waiting.keySet());
    RuntimeException failure = null;
    Map<TaskInputId, byte[]> answers;
    do { // some at a time, for each may be as large as a body
      answers = exchanges.answersTo(left);
      found += answers.size();
      left.removeAll(answers.keySet());
      var failed = settle(answers);
      failure = failed == null ? failure : failed;
    } while (Exchanges.isCut(answers.values()));
    if (failure != null) {
      throw failure;
    }
    return found;
  }

  /// What was answered by name is settled already.
  private int findAnswered() {
    var found = 0;
    Map<TaskInputId, byte[]> answers;
    do {
      var left = waiting.entrySet().stream().filter(it -> !it.getValue().answer().isDone());
      var inputs = left.map(Map.Entry::getKey).toList();
      answers = inputs.isEmpty() ? Map.of() : rows.answered(inputs);
      for (var answered : answers.entrySet()) {
        var waiter = waiting.get(answered.getKey());
        if (waiter != null && waiter.answer().complete(Optional.of(answered.getValue()))) {
          found++;
        }
      }
    } while (TaskInputRows.isCut(answers.values()));
    return found;
  }

  /// @return why one of them could not be, if one could not
  private @Nullable RuntimeException settle(Map<TaskInputId, byte[]> answers) {
    RuntimeException failure = null;
    for (var answered : answers.entrySet()) {
      var waiter = waiting.get(answered.getKey());
      if (waiter != null) {
        try {
          settle(answered.getKey(), waiter, answered.getValue(), NOT_NOW);
        } catch (RuntimeException e) {
          failure = e;
        }
      }
    }
    return failure;
  }

  /// Stores a question's outcome, then notifies the asker: a re-run must find it. Repeating it
  /// changes nothing.
  private void settle(
      TaskInputId input, Waiting waiter, byte @Nullable [] answer, LockPatience patience) {
    if (!waiter.answer().isDone()) {
      var settled = rows.settle(waiter.run(), input, answer, patience);
      // what was answered by name meanwhile came first
      var first = settled.isPresent() ? null : rows.answered(List.of(input)).get(input);
      tasks.notified(settled);
      waiter.answer().complete(Optional.ofNullable(first == null ? answer : first));
    }
  }

  /// Takes a client's answers to what a task still asks; whoever runs it hears of them. Others are
  /// ignored. To be repeated when the outcome is unknown.
  ///
  /// @param answers by the questions' names
  public void answer(Task task, Map<String, JsonNode> answers) {
    var responses = new LinkedHashMap<String, byte[]>();
    answers.forEach(
        (name, answer) -> responses.put(name, Codec.encode(new Response.Success(NOBODYS, answer))));
    tasks.notified(rows.answer(task.key(), responses));
  }

  /// The task's open questions, for calls that can ask its client.
  public List<TaskQuestion> open(Task task) {
    return rows.open(task.key()).stream()
        .map(open ->
            new TaskQuestion(
                open.input(),
                open.method(),
                Codec.objectFrom(new String(open.params(), StandardCharsets.UTF_8)),
                Duration.ofMillis(open.patienceMillis())))
        .toList();
  }
}
