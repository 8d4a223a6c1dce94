package trunkline.sample;

import trunkline.feature.ClientCapability;
import trunkline.feature.Default;
import trunkline.feature.Description;
import trunkline.feature.Length;
import trunkline.feature.Range;
import trunkline.feature.SamplingRequest;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Lets the client's own model do the work; this server has none.
final class Summary {
  private static final int TOKENS_PER_SENTENCE = 60;

  record Text(
      @Description("what to shorten") @Length(min = 1, max = 20_000) String text,
      @Default("2") @Range(min = 1, max = 10) int sentences) {}

  static final Tool TOOL =
      Tool.named("summarize")
          .description("Asks the client's model to shorten a text")
          .needs(ClientCapability.SAMPLING)
          .readOnly()
          .input(Text.class)
          .handler((input, context) -> {
            var request =
                SamplingRequest.of(input.text(), input.sentences() * TOKENS_PER_SENTENCE)
                    .withSystemPrompt(
                        "Say the user's text in %d sentences.".formatted(input.sentences()));
            return ToolResult.text(context.sample(request).text());
          });

  private Summary() {}
}
