package trunkline.adapter.sdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;

/// Prompts of the SDK.
final class SdkPrompts {
  private SdkPrompts() {}

  static Prompt prompt(SyncPromptSpecification specification, SdkCompletions completions) {
    var given = specification.prompt();
    var prompt = Prompt.named(given.name());
    if (given.title() != null) {
      prompt.title(given.title());
    }
    if (given.description() != null) {
      prompt.description(given.description());
    }
    Described.icons(given.icons()).forEach(prompt::icon);
    Described.meta(given.meta(), prompt::meta);
    var completer = completions.findOfPrompt(given.name());
    Stream.ofNullable(given.arguments())
        .flatMap(List::stream)
        .map(argument ->
            new PromptArgument(
                argument.name(),
                argument.title(),
                argument.description(),
                Boolean.TRUE.equals(argument.required()),
                completer.map(found -> found.of(argument.name())).orElse(null)))
        .forEach(prompt::argument);
    return prompt.handler((arguments, context) -> write(specification, arguments, context));
  }

  private static List<PromptMessage> write(
      SyncPromptSpecification specification,
      Map<String, String> arguments,
      RequestContext context) {
    var asked =
        new McpSchema.GetPromptRequest(
            specification.prompt().name(), new LinkedHashMap<>(arguments), Exchange.meta(context));
    var result =
        new Exchange(context).run(exchange -> specification.promptHandler().apply(exchange, asked));
    Described.meta(result.meta(), context::resultMeta);
    return result.messages().stream()
        .map(message ->
            new PromptMessage(Described.role(message.role()), Contents.of(message.content())))
        .toList();
  }
}
