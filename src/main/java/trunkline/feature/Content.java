package trunkline.feature;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One block of what a tool answers or a message says. Bytes are kept in base64, as they travel.
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

  /// The model wants a tool to be used. Only in what a model says while it is sampled.
  ///
  /// @param meta the client's own, which it gets back when the conversation goes on
  record ToolUse(String id, String name, ObjectNode input, @Nullable ObjectNode meta)
      implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }

    /// What the model is told of it.
    public ToolOutcome answeredBy(ToolResult result) {
      return new ToolOutcome(id, result);
    }

    static List<ToolUse> among(List<Content> content) {
      return content.stream().filter(ToolUse.class::isInstance).map(ToolUse.class::cast).toList();
    }
  }

  /// What a tool answered that the model used. Only in what a model is told while it is sampled.
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

  /// As the newest revision spells it; `protocol` takes away what older ones lack.
  default ObjectNode json() {
    return ContentJson.write(this);
  }

  /// Reads one block of a client's message; a malformed one becomes [Other].
  static Content from(JsonNode json) {
    return ContentJson.read(json);
  }
}
