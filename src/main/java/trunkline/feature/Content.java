package trunkline.feature;

import java.util.Base64;
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

  /// A kind of block that this API has no type for, as it came: the tool use of a sampled message,
  /// for instance.
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

  /// As the newest revision spells it; `protocol` takes away what older ones lack.
  default ObjectNode json() {
    return ContentJson.write(this);
  }

  /// Reads one block of a client's message; a malformed one becomes [Other].
  static Content from(JsonNode json) {
    return ContentJson.read(json);
  }
}
