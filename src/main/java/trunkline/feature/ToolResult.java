package trunkline.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Codec;

/// A tool's answer.
///
/// @param structured for programs; has the form of the tool's output schema, if it has one
/// @param isError whether this reports a failure that the model may react to
/// @param meta what it says to programs besides
public record ToolResult(
    List<Content> content, @Nullable JsonNode structured, boolean isError, Meta meta) {
  public ToolResult {
    content = List.copyOf(content);
    if (content.stream().anyMatch(Content::isOfSampling)) {
      throw new IllegalArgumentException("uses of tools are for a client's model only");
    }
  }

  public ToolResult(List<Content> content, @Nullable JsonNode structured, boolean isError) {
    this(content, structured, isError, Meta.NONE);
  }

  public static ToolResult of(Content... content) {
    return new ToolResult(List.of(content), null, false);
  }

  public static ToolResult text(String text) {
    return of(Content.text(text));
  }

  public static ToolResult error(String message) {
    return new ToolResult(List.of(Content.text(message)), null, true);
  }

  /// For programs, and as text for models that don't read it.
  public static ToolResult structured(JsonNode structured) {
    return new ToolResult(List.of(Content.text(Codec.text(structured))), structured, false);
  }

  /// The same with this `_meta` instead of its own.
  public ToolResult withMeta(Meta meta) {
    return new ToolResult(content, structured, isError, meta);
  }
}
