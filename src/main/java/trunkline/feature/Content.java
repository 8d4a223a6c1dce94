package trunkline.feature;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One block of a tool's answer or of a message. Bytes are kept in base64, as they travel.
public sealed interface Content {
  Annotations annotations();

  record Text(String text, Annotations annotations) implements Content {}

  record Image(String base64, String mimeType, Annotations annotations) implements Content {}

  record Audio(String base64, String mimeType, Annotations annotations) implements Content {}

  /// Points at a resource that the client may read.
  record Link(
      String uri,
      String name,
      @Nullable String description,
      @Nullable String mimeType,
      Annotations annotations)
      implements Content {}

  /// Carries a resource with it.
  record Embedded(ResourceContents resource, Annotations annotations) implements Content {}

  /// The model wants a tool to be used. Only in a sampled model's answer.
  ///
  /// @param meta the client's own, which it gets back when the conversation goes on
  record ToolUse(String id, String name, ObjectNode input, @Nullable ObjectNode meta)
      implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }

    /// Its description for the model.
    public ToolOutcome answeredBy(ToolResult result) {
      return new ToolOutcome(id, result);
    }

    static List<ToolUse> among(List<Content> content) {
      return content.stream().filter(ToolUse.class::isInstance).map(ToolUse.class::cast).toList();
    }
  }

  /// The answer of a tool that the model used. Only in messages to a sampled model.
  record ToolOutcome(String toolUseId, ToolResult result) implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }
  }

  /// A kind of block that this API has no type for, as it came.
  record Other(ObjectNode json) implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }
  }

  static Content text(String text) {
    return new Text(text, Annotations.NONE);
  }

  static Content image(byte[] bytes, String mimeType) {
    return new Image(Base64.getEncoder().encodeToString(bytes), mimeType, Annotations.NONE);
  }

  static Content audio(byte[] bytes, String mimeType) {
    return new Audio(Base64.getEncoder().encodeToString(bytes), mimeType, Annotations.NONE);
  }

  static Content link(String uri, String name) {
    return new Link(uri, name, null, null, Annotations.NONE);
  }

  static Content embedded(ResourceContents resource) {
    return new Embedded(resource, Annotations.NONE);
  }

  /// Whether it belongs to conversations with a client's model, and nowhere else.
  default boolean isOfSampling() {
    return this instanceof ToolUse || this instanceof ToolOutcome;
  }

  /// The newest revision's spelling; `protocol` removes what older ones lack.
  default ObjectNode json() {
    return ContentJson.write(this);
  }

  /// Reads one block of a client's message; a malformed one becomes [Other].
  static Content from(JsonNode json) {
    return ContentJson.read(json);
  }
}
