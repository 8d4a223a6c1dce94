package trunkline.adapter.sdk;

import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Annotations;
import trunkline.feature.Content;
import trunkline.feature.Meta;
import trunkline.feature.ResourceContents;

/// What the SDK's handlers answer, in our words. A block with more than we have words for is kept
/// as the SDK spells it.
final class Contents {
  private static final Set<String> LINK = Set.of("type", "uri", "name", "description", "mimeType");

  private Contents() {}

  static List<Content> of(@Nullable List<McpSchema.Content> blocks) {
    return blocks == null ? List.of() : blocks.stream().map(Contents::of).toList();
  }

  static Content of(McpSchema.Content block) {
    var json = Wire.object(block);
    if (json.has("annotations") || json.has("_meta")) {
      return new Content.Other(json);
    }
    // Clients of 2025-03-26 know no links and get them as text.
    if (json.path("type").asString("").equals("resource_link")
        && LINK.containsAll(json.propertyNames())) {
      return new Content.Link(
          json.path("uri").asString(""),
          json.path("name").asString(""),
          text(json, "description"),
          text(json, "mimeType"),
          Annotations.NONE);
    }
    return Content.from(json);
  }

  static ResourceContents resource(McpSchema.ResourceContents contents) {
    return switch (contents) {
      case McpSchema.TextResourceContents text ->
          new ResourceContents.Text(
              text.uri(), text.mimeType(), text.text(), new Meta(Wire.object(text.meta())));
      case McpSchema.BlobResourceContents blob ->
          new ResourceContents.Blob(
              blob.uri(), blob.mimeType(), blob.blob(), new Meta(Wire.object(blob.meta())));
      default ->
          throw new IllegalStateException(
              "contents of an unknown kind: " + contents.getClass().getName());
    };
  }

  /// Structured content; null for none.
  static @Nullable JsonNode structured(@Nullable Object value) {
    return value == null ? null : Wire.write(value);
  }

  private static @Nullable String text(ObjectNode json, String name) {
    return json.hasNonNull(name) ? json.path(name).asString() : null;
  }
}
