package trunkline.conformance;

import java.util.List;
import trunkline.feature.Completer;
import trunkline.feature.Content;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceContents;
import trunkline.feature.Role;

/// The prompts that the suite gets and completes.
final class Prompts {
  private static final Completer SUGGESTIONS =
      Completer.among(List.of("test", "testValue1", "testValue2", "hello", "world"));

  static final Prompt SIMPLE =
      Prompt.named("test_simple_prompt")
          .title("Simple Test Prompt")
          .description("A simple prompt without arguments")
          .handler((arguments, context) ->
              List.of(PromptMessage.user("This is a simple prompt for testing.")));

  static final Prompt WITH_ARGUMENTS =
      Prompt.named("test_prompt_with_arguments")
          .title("Prompt With Arguments")
          .description("A prompt with required arguments")
          .argument(PromptArgument.required("arg1", "First test argument").completedBy(SUGGESTIONS))
          .argument(
              PromptArgument.required("arg2", "Second test argument").completedBy(SUGGESTIONS))
          .handler((arguments, context) ->
              List.of(
                  PromptMessage.user(
                      "Prompt with arguments: arg1='%s', arg2='%s'"
                          .formatted(arguments.get("arg1"), arguments.get("arg2")))));

  static final Prompt WITH_RESOURCE =
      Prompt.named("test_prompt_with_embedded_resource")
          .title("Prompt With Embedded Resource")
          .description("A prompt that includes an embedded resource")
          .argument(PromptArgument.required("resourceUri", "URI of the resource to embed"))
          .handler((arguments, context) ->
              List.of(
                  new PromptMessage(
                      Role.USER,
                      Content.embedded(
                          ResourceContents.text(
                              arguments.getOrDefault("resourceUri", ""),
                              "text/plain",
                              "Embedded resource content for testing."))),
                  PromptMessage.user("Please process the embedded resource above.")));

  static final Prompt WITH_IMAGE =
      Prompt.named("test_prompt_with_image")
          .title("Prompt With Image")
          .description("A prompt that includes image content")
          .handler((arguments, context) ->
              List.of(
                  new PromptMessage(Role.USER, Media.IMAGE),
                  PromptMessage.user("Please analyze the image above.")));

  private Prompts() {}
}
