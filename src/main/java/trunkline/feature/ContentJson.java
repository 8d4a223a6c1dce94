package trunkline.feature;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Spells content as JSON and back.
final class ContentJson {
  private ContentJson() {}

  static ObjectNode write(Content content) {
    var json =
        switch (content) {
          case Content.Text text -> typed("text").put("text", text.text());
          case Content.Image image ->
              typed("image").put("data", image.base64()).put("mimeType", image.mimeType());
          case Content.Audio audio ->
              typed("audio").put("data", audio.base64()).put("mimeType", audio.mimeType());
          case Content.Link link -> link(link);
          case Content.Embedded embedded -> {
            var resource = typed("resource");
            resource.set("resource", embedded.resource().json());
            yield resource;
          }
          case Content.ToolUse use -> toolUse(use);
          case Content.ToolOutcome outcome -> toolOutcome(outcome);
          case Content.Other other -> other.json();
        };
    content.annotations().addTo(json);
    return content.meta().addTo(json);
  }

  static Content read(JsonNode json) {
    var text = string(json, "text");
    var data = string(json, "data");
    var mimeType = string(json, "mimeType");
    var type = json.path("type").asString("");
    if (type.equals("text") && text != null) {
      return Content.text(text);
    }
    if (type.equals("image") && data != null && mimeType != null) {
      return new Content.Image(data, mimeType, Annotations.NONE);
    }
    if (type.equals("audio") && data != null && mimeType != null) {
      return new Content.Audio(data, mimeType, Annotations.NONE);
    }
    var id = string(json, "id");
    var name = string(json, "name");
    if (type.equals("tool_use")
        && id != null
        && name != null
        && json.path("input") instanceof ObjectNode input) {
      return new Content.ToolUse(
          id, name, input, json.path("_meta") instanceof ObjectNode meta ? meta : null);
    }
    return new Content.Other(
        json instanceof ObjectNode object ? object : Codec.object().set("value", json));
  }

  private static ObjectNode toolUse(Content.ToolUse use) {
    var json = typed("tool_use").put("id", use.id()).put("name", use.name());
    json.set("input", use.input());
    if (use.said() != null) {
      json.set("_meta", use.said());
    }
    return json;
  }

  /// Structured content is an object here, whatever tools may answer elsewhere.
  private static ObjectNode toolOutcome(Content.ToolOutcome outcome) {
    var json = typed("tool_result").put("toolUseId", outcome.toolUseId());
    var content = json.putArray("content");
    outcome.result().content().forEach(block -> content.add(block.json()));
    if (outcome.result().structured() instanceof ObjectNode structured) {
      json.set("structuredContent", structured);
    }
    if (outcome.result().isError()) {
      json.put("isError", true);
    }
    return json;
  }

  private static ObjectNode link(Content.Link link) {
    var listing = link.listing();
    var json = typed("resource_link").put("uri", link.uri()).put("name", listing.name());
    put(json, "title", listing.title());
    put(json, "description", listing.description());
    put(json, "mimeType", listing.mimeType());
    if (listing.size() != null) {
      json.put("size", listing.size());
    }
    if (!listing.icons().isEmpty()) {
      var icons = json.putArray("icons");
      listing.icons().forEach(icon -> icons.add(icon.json()));
    }
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static ObjectNode typed(String type) {
    return Codec.object().put("type", type);
  }

  private static @Nullable String string(JsonNode json, String name) {
    return json.path(name).isString() ? json.path(name).stringValue() : null;
  }
}
