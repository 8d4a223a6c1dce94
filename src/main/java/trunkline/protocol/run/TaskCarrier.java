package trunkline.protocol.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.Recollection;
import trunkline.protocol.round.StepMemory;
import trunkline.protocol.wire.TaskSpelling;
import trunkline.store.Database;
import trunkline.task.AssignedTask;
import trunkline.task.TaskInputs;
import trunkline.task.TaskOrigin;
import trunkline.trace.Operation;

/// The two ways of a task: what it says goes to the standalone stream of the session that asked for
/// it, and nowhere without a session; its questions wait for the client, who answers them by name
/// or when it fetches the result.
final class TaskCarrier implements Carrier {
  /// As long as the id of any question.
  static final RequestId LONGEST = new RequestId.Whole(Long.MAX_VALUE);

  private final Services services;
  private final TaskInputs inputs;
  private final AssignedTask assigned;
  private final Recollection recollection;
  private final Set<String> asked = new HashSet<>();

  /// @param recollection what the call had asked and done before it became a task
  TaskCarrier(
      Services services, TaskInputs inputs, AssignedTask assigned, Recollection recollection) {
    this.services = services;
    this.inputs = inputs;
    this.assigned = assigned;
    this.recollection = recollection;
  }

  @Override
  public String name() {
    return "task " + assigned.task().id();
  }

  private boolean isAlone() {
    return assigned.origin() instanceof TaskOrigin.Alone;
  }

  /// The extension of 2026-07-28 has neither progress nor log messages of tasks.
  @Override
  public void send(Message.Notification notification) {
    var stream = assigned.task().notificationStream();
    if (stream != null) {
      var marked = new Message.Notification(notification.method(), mark(notification.params()));
      Database.await(services.streams().send(stream, Codec.encode(marked)));
    }
  }

  /// The request that waits for the task relays the question, and returns no progress.
  @Override
  public List<Outcome> ask(List<Posed> questions) {
    if (isAlone()) {
      questions.forEach(Posed::requireInput);
    }
    return Together.ask(named(questions), this::ask);
  }

  /// Each under a name that no other of the task has, whatever the handler calls it.
  private List<Posed> named(List<Posed> questions) {
    var named = new ArrayList<Posed>();
    synchronized (asked) {
      for (var question : questions) {
        var key = question.key();
        named.add(question.named(asked.add(key) ? key : key + "-" + question.ordinal()));
      }
    }
    return named;
  }

  private Outcome ask(Posed question) {
    var recalled = recollection.answerTo(question);
    if (recalled.isPresent()) {
      return new Outcome.Answered(recalled.get());
    }
    var marked = mark(question.params());
    services
        .streams() // here, where the tool is told, and not where it is passed on
        .requireFits(
            Codec.encode(
                new Message.Request(
                    LONGEST, question.method(), Operation.current().marked(marked))));
    return inputs.ask(
        assigned.run(),
        question.ordinal(),
        question.key(),
        question.method(),
        isAlone() ? question.params() : marked,
        question.timeouts().patience());
  }

  @Override
  public Duration patience() {
    return assigned.task().ttl();
  }

  @Override
  public Runs runs() {
    var first = assigned.begun() == 0;
    return new Runs(!first || !recollection.steps().isEmpty(), first && assigned.rerunnable());
  }

  @Override
  public StepMemory steps() {
    return new StepMemory() {
      @Override
      public Map<String, String> former() {
        var former = new LinkedHashMap<>(recollection.steps());
        if (assigned.begun() > 0) {
          former.putAll(services.tasks().steps(assigned.task()));
        }
        return former;
      }

      @Override
      public Optional<String> remember(String name, String outcome) {
        return services.tasks().remember(assigned.run(), name, outcome);
      }
    };
  }

  /// None: a task holds no connection.
  @Override
  public Optional<CallStream> stream() {
    return Optional.empty();
  }

  private ObjectNode mark(ObjectNode json) {
    return TaskSpelling.mark(json, assigned.task().id());
  }
}
