package trunkline.testkit;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientCapability;
import trunkline.feature.Records;
import trunkline.feature.Root;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;

/// A client as a test has written it down: it answers what it is asked, and remembers what it was
/// asked and told. Answers are used up in order, those of the user and those of the model apart
/// from each other; a question that is left without one fails the test and says so.
///
/// It can do everything that a client can, unless [#without] takes something away.
///
/// @param <S> itself
public abstract sealed class ScriptedClient<S extends ScriptedClient<S>>
    permits ScriptedContext, McpTestClient {
  private final Set<ClientCapability> capabilities = EnumSet.allOf(ClientCapability.class);
  private final Queue<JsonNode> reactions = new ConcurrentLinkedQueue<>();
  private final Queue<JsonNode> completions = new ConcurrentLinkedQueue<>();
  private final List<Root> roots = new CopyOnWriteArrayList<>();
  private final List<Question> questions = new CopyOnWriteArrayList<>();
  private final List<Progress> progress = new CopyOnWriteArrayList<>();
  private final List<Log> logs = new CopyOnWriteArrayList<>();

  /// What the client was asked.
  ///
  /// @param method such as `elicitation/create`
  /// @param message what the user reads, or the text of the last message to the model; empty where
  ///   there is none
  /// @param params all of it, as it travels
  public record Question(String method, String message, ObjectNode params) {
    static Question of(String method, ObjectNode params) {
      var message = params.path("message").asString("");
      var said = params.path("messages").valueStream().reduce((_, last) -> last);
      return new Question(
          method,
          said.map(last -> last.path("content").path("text").asString("")).orElse(message),
          params);
    }
  }

  /// A report of how far the request is.
  public record Progress(double progress, @Nullable Double total, @Nullable String message) {}

  /// A log message.
  ///
  /// @param text of it; other data as JSON
  public record Log(LogLevel level, @Nullable String logger, String text) {
    static Log of(LogLevel level, @Nullable String logger, JsonNode data) {
      return new Log(level, logger, data.isString() ? data.stringValue() : Codec.text(data));
    }
  }

  ScriptedClient() {}

  /// The user fills in the next form with this.
  public S answer(Record form) {
    return react(Codec.object().put("action", "accept").set("content", Records.json(form)));
  }

  /// The user refuses the next form or page.
  public S decline() {
    return react(Codec.object().put("action", "decline"));
  }

  /// The user goes away from the next form or page without a choice.
  public S cancel() {
    return react(Codec.object().put("action", "cancel"));
  }

  /// The user agrees to open the next page.
  public S agree() {
    return react(Codec.object().put("action", "accept"));
  }

  /// The model's next completion is this text.
  public S complete(String text) {
    var completion = Codec.object().put("role", "assistant").put("model", "scripted");
    completion.putObject("content").put("type", "text").put("text", text);
    completions.add(completion.put("stopReason", "endTurn"));
    return self();
  }

  /// The places that the server may work in, whenever it asks.
  public S roots(Root... places) {
    roots.addAll(Arrays.asList(places));
    return self();
  }

  /// Does not declare these. Without sampling it has no tools for the model either.
  public S without(ClientCapability... missing) {
    Arrays.asList(missing).forEach(capabilities::remove);
    if (!can(ClientCapability.SAMPLING)) {
      capabilities.remove(ClientCapability.SAMPLING_TOOLS);
    }
    return self();
  }

  /// What it was asked, the first first.
  public List<Question> questions() {
    return List.copyOf(questions);
  }

  public List<Progress> progress() {
    return List.copyOf(progress);
  }

  public List<Log> logs() {
    return List.copyOf(logs);
  }

  final boolean can(ClientCapability capability) {
    return capabilities.contains(capability);
  }

  /// As a client declares them.
  final ObjectNode declared() {
    var all = Codec.object();
    for (var capability : capabilities) {
      var declaration = capability.declaration().path(capability.key());
      var details = all.withObject("/" + capability.key());
      declaration.properties().forEach(entry -> details.set(entry.getKey(), entry.getValue()));
      if (capability == ClientCapability.ELICITATION) {
        details.putObject("form");
      }
    }
    return all;
  }

  /// The next answer to this; empty when the script has none.
  final JsonNode asked(String method, ObjectNode params) {
    var question = Question.of(method, params);
    questions.add(question);
    return switch (method) {
      case "elicitation/create" -> next(reactions, question, "answer(…), decline() or cancel()");
      case "sampling/createMessage" -> next(completions, question, "complete(…)");
      case "roots/list" -> listedRoots();
      default -> Codec.object();
    };
  }

  final void reported(double done, @Nullable Double total, @Nullable String message) {
    progress.add(new Progress(done, total, message));
  }

  final void logged(LogLevel level, @Nullable String logger, JsonNode data) {
    logs.add(Log.of(level, logger, data));
  }

  private S react(JsonNode reaction) {
    reactions.add(reaction);
    return self();
  }

  private static JsonNode next(Queue<JsonNode> answers, Question question, String remedy) {
    return Optional.ofNullable(answers.poll())
        .orElseThrow(() ->
            new AssertionError(
                "the script has no answer left to %s \"%s\": add %s to it"
                    .formatted(question.method(), question.message(), remedy)));
  }

  private JsonNode listedRoots() {
    var listed = Codec.object();
    var places = listed.putArray("roots");
    for (var root : roots) {
      var place = places.addObject().put("uri", root.uri());
      if (root.name() != null) {
        place.put("name", root.name());
      }
    }
    return listed;
  }

  @SuppressWarnings("unchecked") // S is the class itself: the two that there are say so
  private S self() {
    return (S) this;
  }
}
