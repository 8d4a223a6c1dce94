package trunkline.adapter.annotated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;

/// A method as a prompt. Its arguments are texts, as MCP's are.
final class PromptMethod {
  private PromptMethod() {}

  static Prompt prompt(Marked marked, Completions completions) {
    var call = Call.of(marked);
    var prompt = Prompt.named(marked.name());
    marked.marks().text("title").ifPresent(prompt::title);
    marked.marks().text("description").ifPresent(prompt::description);
    for (var argument : call.arguments()) {
      prompt.argument(
          new PromptArgument(
              argument.name(),
              null,
              argument.description(),
              argument.required(),
              completions
                  .find(Vocabulary.Role.COMPLETE_PROMPT, marked.name(), argument.name())
                  .orElse(null)));
    }
    call.arguments().forEach(argument -> requireText(marked, argument));
    return prompt.handler(
        (given, context) -> Answers.messages(call.run(values(call, given), context, null)));
  }

  /// The texts of a client for a method's parameters.
  static List<@Nullable Object> values(Call call, Map<String, String> given) {
    var values = new ArrayList<@Nullable Object>();
    for (var argument : call.arguments()) {
      var text = given.getOrDefault(argument.name(), argument.byDefault());
      values.add(argument.type() == String.class ? text : Optional.ofNullable(text));
    }
    return values;
  }

  static void requireText(Marked marked, Argument argument) {
    var type = argument.type().getTypeName();
    if (argument.type() != String.class && !type.equals("java.util.Optional<java.lang.String>")) {
      throw marked.refused(
          "has the parameter %s of type %s, but what it gets is text: make it a String"
              .formatted(argument.name(), type));
    }
  }
}
