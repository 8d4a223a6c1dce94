package trunkline.protocol.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.protocol.wire.TaskSpelling;
import trunkline.store.Database;
import trunkline.task.AssignedTask;
import trunkline.task.TaskInputs;

/// The two ways of a task: what it says goes to the standalone stream of the session that asked for
/// it; its questions wait for the client that fetches its result.
record TaskCarrier(Services services, TaskInputs inputs, AssignedTask assigned) implements Carrier {
  /// As long as the id of any question.
  static final RequestId LONGEST = new RequestId.Whole(Long.MAX_VALUE);

  @Override
  public String name() {
    return "task " + assigned.task().id();
  }

  @Override
  public void send(Message.Notification notification) {
    var marked = new Message.Notification(notification.method(), mark(notification.params()));
    Database.await(
        services.streams().send(assigned.task().notificationStream(), Codec.encode(marked)));
  }

  /// The request that waits for the task relays the question, and returns no progress.
  @Override
  public List<Outcome> ask(List<Posed> questions) {
    return Together.ask(questions, this::ask);
  }

  private Outcome ask(Posed question) {
    var marked = mark(question.params());
    services
        .streams() // here, where the tool is told, and not where it is passed on
        .requireFits(Codec.encode(new Message.Request(LONGEST, question.method(), marked)));
    return inputs.ask(
        assigned.run(),
        question.ordinal(),
        question.method(),
        marked,
        question.timeouts().patience());
  }

  @Override
  public Duration patience() {
    return assigned.task().ttl();
  }

  @Override
  public Runs runs() {
    var first = assigned.begun() == 0;
    return new Runs(!first, first && assigned.rerunnable());
  }

  @Override
  public StepMemory steps() {
    return new StepMemory() {
      @Override
      public Map<String, String> former() {
        return services.tasks().steps(assigned.task());
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
