package trunkline.feature;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the client's model said.
public record Sampled(Role role, List<Content> content, String model, @Nullable String stopReason) {
  public Sampled {
    content = List.copyOf(content);
  }

  /// Its text blocks, one below the other.
  public String text() {
    return content.stream()
        .filter(Content.Text.class::isInstance)
        .map(block -> ((Content.Text) block).text())
        .collect(Collectors.joining("\n"));
  }
}
