package trunkline.scenario;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// Features that take everything a client can say, and hand it on to wherever it can go: into every
/// type that arguments are bound to, into the database, into URIs, and back.
final class FuzzTools {
  enum Colour {
    RED,
    GREEN
  }

  record Leaf(String text, int number) {}

  /// Every type that a schema can be derived for.
  record Everything(
      Optional<String> text,
      Optional<Integer> whole,
      Optional<Long> large,
      Optional<Short> small,
      Optional<BigInteger> huge,
      Optional<Double> number,
      Optional<Float> narrow,
      Optional<BigDecimal> decimal,
      OptionalInt maybeWhole,
      OptionalDouble maybeNumber,
      Optional<Boolean> flag,
      Optional<Colour> colour,
      Optional<LocalDate> date,
      Optional<LocalTime> time,
      Optional<OffsetDateTime> moment,
      Optional<Instant> instant,
      Optional<Duration> duration,
      Optional<URI> uri,
      Optional<UUID> uuid,
      Optional<List<Integer>> wholes,
      Optional<Set<String>> texts,
      Optional<Map<String, Leaf>> leaves,
      Optional<ObjectNode> object,
      Optional<JsonNode> json) {}

  record Kept(String name, JsonNode value) {}

  private static final Tool BIND =
      Tool.named("bind")
          .description("Binds every type")
          .input(Everything.class)
          .handler((input, _) -> ToolResult.text(input.toString()));

  /// Says the value as a number, a text and data; so the call becomes a stream.
  private static final Tool SAY =
      Tool.named("say")
          .description("Says the value on the way")
          .input(Kept.class)
          .handler((input, context) -> {
            var value = input.value();
            context.progress(value.isNumber() ? value.doubleValue(0) : 1, 2.0, input.name());
            context.log(LogLevel.ERROR, null, value);
            return ToolResult.text(input.name());
          });

  private static final Tool KEEP =
      Tool.named("keep")
          .description("Keeps the value for a moment")
          .tasks(TaskSupport.OPTIONAL)
          .input(Kept.class)
          .handler((input, context) -> {
            try {
              context.values().put(input.name(), input.value());
            } catch (IllegalArgumentException _) {
              throw new ToolFailed("not a name"); // which the handler may choose
            }
            var kept = context.values().find(input.name());
            context.values().remove(input.name());
            return ToolResult.text(String.valueOf(kept));
          });

  private static final Completer SUGGESTIONS = Completer.among(List.of("one", "two"));

  private FuzzTools() {}

  /// With pages so short that there are cursors.
  static Catalog catalog() {
    return Catalog.builder()
        .add(BIND, SAY, KEEP, TalkingTools.ECHO, AskingTools.NEED_VISIT, AskingTools.ASK_NAME)
        .add(
            Resource.at("fuzz://plain").name("plain").text((_, _) -> "plain"),
            ResourceTemplate.matching("fuzz://each/{id}{?page}")
                .name("each")
                .text((request, _) -> request.uri() + request.variables()))
        .add(
            Prompt.named("greet")
                .argument(PromptArgument.required("who", "Who").completedBy(SUGGESTIONS))
                .handler((arguments, _) -> List.of(PromptMessage.user(arguments.toString()))),
            Prompt.named("other").handler((_, _) -> List.of(PromptMessage.user("other"))))
        .pageSize(2)
        .build();
  }
}
