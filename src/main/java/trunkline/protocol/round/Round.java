package trunkline.protocol.round;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.Outcome;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.trace.ChildSpan;
import trunkline.trace.Operation;

/// One round of a request that asks by ending (MCP 2026-07-28, Multi Round-Trip Requests). Its
/// handler runs from the beginning in each; what was answered before is there at once, and the
/// first question without an answer ends the run.
///
/// A question is known by its key, and has to be asked in the same words each time. What it
/// remembers goes to its client and comes back ([Recollection]); nothing of it is kept here.
public final class Round implements StepMemory {
  /// A handler that always asks something new would never come to an end.
  static final int ROUNDS_MAX = 50;

  private final Recollection former;
  private final ObjectNode given;
  private final Map<String, Recollection.Answered> answered;
  private final Map<String, Posed> open = new LinkedHashMap<>();
  private final Map<String, String> steps;

  /// The keys that this run has asked by.
  private final Set<String> asked = new HashSet<>();

  /// @param given the client's answers, by the questions' keys
  public Round(Recollection former, ObjectNode given) {
    this.former = former;
    this.given = given;
    this.answered = new LinkedHashMap<>(former.answered());
    this.steps = new LinkedHashMap<>(former.steps());
  }

  /// The outcomes of these questions.
  ///
  /// @throws InputRequired when one of them has no answer yet
  /// @throws RpcException when the client's answer is none, or the handler asks differently than in
  ///   a former round
  public synchronized List<Outcome> ask(List<Posed> questions) {
    var outcomes = new ArrayList<Outcome>();
    var unanswered = new LinkedHashMap<String, Posed>();
    for (var question : questions) {
      requireNew(question.key());
      answer(question)
          .ifPresentOrElse(
              answer -> outcomes.add(new Outcome.Answered(answer)),
              () -> unanswered.put(question.key(), question));
    }
    if (unanswered.isEmpty() && open.isEmpty()) {
      return outcomes;
    }
    requireRound();
    open.putAll(unanswered); // also of a handler's other threads, as far as they came
    throw new InputRequired();
  }

  /// Two questions under one key would get one answer.
  private void requireNew(String key) {
    if (!asked.add(key)) {
      throw new RpcException(
          new RpcError(
              ErrorCode.INTERNAL_ERROR,
              "the handler asks two questions by the name '"
                  + key
                  + "', of which its client could answer one"));
    }
  }

  private Optional<JsonNode> answer(Posed question) {
    var known = Recollection.answer(answered, former.open(), question);
    var key = question.key();
    if (known.isPresent() || !given.hasNonNull(key)) {
      return known;
    }
    var answer = InputResponses.require(question, given.get(key));
    answered.put(key, new Recollection.Answered(question.digest(), answer));
    former.asked().ifPresent(it -> ChildSpan.asked(question.method(), it.span(), it.when()));
    return Optional.of(answer);
  }

  private void requireRound() {
    if (former.rounds() >= ROUNDS_MAX) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.TOO_MANY,
          "the request has asked its client in " + ROUNDS_MAX + " rounds, as often as it may");
    }
  }

  /// Whether its client has to answer before it goes on, whatever its handler made of that.
  public synchronized boolean isOpen() {
    return !open.isEmpty();
  }

  /// The questions that have no answer yet.
  public synchronized List<Posed> unanswered() {
    return List.copyOf(open.values());
  }

  /// The questions, as the client gets them: they belong to this trace.
  public synchronized ObjectNode inputRequests(Operation trace) {
    var json = Codec.object();
    open.forEach((key, question) -> {
      var request = json.putObject(key).put("method", question.method());
      var params = trace.marked(question.params());
      if (!params.isEmpty()) {
        request.set("params", params);
      }
    });
    return json;
  }

  /// How the round before ended, if that was traced.
  public Optional<Asked> asked() {
    return former.asked();
  }

  /// For a task that goes on with it.
  public Recollection recollection() {
    return recollection(Optional.empty());
  }

  /// For the next round.
  public synchronized Recollection recollection(Optional<Asked> now) {
    var digests = new LinkedHashMap<String, String>();
    open.forEach((key, question) -> digests.put(key, question.digest()));
    return new Recollection(former.rounds() + 1, answered, digests, steps, now);
  }

  @Override
  public Map<String, String> former() {
    return former.steps();
  }

  @Override
  public synchronized Optional<String> remember(String name, String outcome) {
    return Optional.of(steps.computeIfAbsent(name, _ -> outcome));
  }
}
