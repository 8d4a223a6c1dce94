package trunkline.protocol.round;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// What a request remembers from one round to the next, in its `requestState`: what was asked, what
/// was answered, what was done once.
///
/// @param rounds that have ended with a question
/// @param answered by the questions' keys
/// @param open digests of the questions of the last round, by their keys
/// @param steps what they gave, as JSON text, by their names
/// @param asked when and by which round, if that was traced
public record Recollection(
    int rounds,
    Map<String, Answered> answered,
    Map<String, String> open,
    Map<String, String> steps,
    Optional<Asked> asked) {
  public static final Recollection NONE = new Recollection(0, Map.of(), Map.of(), Map.of());

  public Recollection {
    answered = Collections.unmodifiableMap(new LinkedHashMap<>(answered));
    open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
  }

  /// Of a round that is not traced.
  public Recollection(
      int rounds,
      Map<String, Answered> answered,
      Map<String, String> open,
      Map<String, String> steps) {
    this(rounds, answered, open, steps, Optional.empty());
  }

  /// An answer, and which question it was to.
  ///
  /// @param digest of the question
  public record Answered(String digest, JsonNode answer) {}

  /// The answer to a question that was answered.
  ///
  /// @throws RpcException when another was asked under its key, answered or not
  public Optional<JsonNode> answerTo(Posed question) {
    return answer(answered, open, question);
  }

  static Optional<JsonNode> answer(
      Map<String, Answered> answered, Map<String, String> open, Posed question) {
    var known = answered.get(question.key());
    var before = known == null ? open.get(question.key()) : known.digest();
    if (before != null && !before.equals(question.digest())) {
      throw new RpcException(
          new RpcError(
              ErrorCode.INTERNAL_ERROR,
              "the handler asks differently than in its former round: '%s' is another %s now. A"
                      .formatted(question.key(), question.method())
                  + " handler is run from the beginning in each round and has to ask the same"
                  + " questions in the same words; what changes belongs into a step that is done"
                  + " once"));
    }
    return Optional.ofNullable(known).map(Answered::answer);
  }

  public byte[] encoded() {
    var json = Codec.object().put("rounds", rounds);
    var answers = json.putObject("answered");
    answered.forEach((key, given) ->
        answers.putObject(key).put("digest", given.digest()).set("answer", given.answer()));
    open.forEach(json.putObject("open")::put);
    steps.forEach(json.putObject("steps")::put);
    asked.ifPresent(it -> it.write(json.putObject("asked")));
    return Codec.text(json).getBytes(StandardCharsets.UTF_8);
  }

  /// Of what we encoded ourselves, which nobody can have changed.
  public static Recollection decoded(byte[] bytes) {
    var json = Codec.objectFrom(new String(bytes, StandardCharsets.UTF_8));
    var answered = new LinkedHashMap<String, Answered>();
    for (var each : json.path("answered").properties()) {
      answered.put(
          each.getKey(),
          new Answered(each.getValue().path("digest").asString(), each.getValue().path("answer")));
    }
    return new Recollection(
        json.path("rounds").asInt(),
        answered,
        texts(json, "open"),
        texts(json, "steps"),
        Asked.read(json.path("asked")));
  }

  private static Map<String, String> texts(ObjectNode json, String name) {
    var texts = new LinkedHashMap<String, String>();
    json.path(name)
        .properties()
        .forEach(each -> texts.put(each.getKey(), each.getValue().asString()));
    return texts;
  }
}
