package trunkline.feature;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The client's model's answer.
public record SamplingResult(
    Role role, List<Content> content, String model, @Nullable String stopReason) {
  public SamplingResult {
    content = List.copyOf(content);
  }

  /// The tools that it wants to be used before it goes on; see [SamplingRequest#followedBy].
  public List<Content.ToolUse> toolUses() {
    return Content.ToolUse.among(content);
  }

  /// As a part of the conversation that goes on.
  public SamplingMessage message() {
    return new SamplingMessage(role, content);
  }

  /// Its text blocks, one below the other.
  public String text() {
    return content.stream()
        .filter(Content.Text.class::isInstance)
        .map(block -> ((Content.Text) block).text())
        .collect(Collectors.joining("\n"));
  }
}
