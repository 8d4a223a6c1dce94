package trunkline.protocol.wire;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Content;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceContents;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// Spells handlers' answers, without what a revision lacks.
final class Rendering {
  private Rendering() {}

  static ObjectNode result(ToolResult result, Revision revision) {
    var json = Codec.object();
    json.set("content", contents(result.content(), revision));
    var structured = result.structured();
    if (structured != null
        && revision.hasStructuredContent()
        && (structured.isObject() || revision.hasAnyStructuredContent())) {
      json.set("structuredContent", structured);
    }
    if (result.isError()) {
      json.put("isError", true);
    }
    return result.meta().addTo(json);
  }

  static ArrayNode messages(List<PromptMessage> messages, Revision revision) {
    var array = Codec.array();
    for (var message : messages) {
      var json = array.addObject().put("role", message.role().json());
      json.set("content", content(message.content(), revision));
    }
    return array;
  }

  private static ArrayNode contents(List<Content> contents, Revision revision) {
    var array = Codec.array();
    contents.forEach(content -> array.add(content(content, revision)));
    return array;
  }

  static ObjectNode contents(ResourceContents contents, Revision revision) {
    var json = contents.json();
    if (!revision.hasMarks()) {
      json.remove("_meta");
    }
    return json;
  }

  private static ObjectNode content(Content content, Revision revision) {
    if (content instanceof Content.Link link && !revision.hasResourceLinks()) {
      return Content.text(link.listing().name() + ": " + link.uri()).json();
    }
    var json = content.json();
    if (!revision.hasIcons()) {
      json.remove("icons");
    }
    if (!revision.hasMarks()) {
      json.remove("_meta");
      leaveOutDate(json);
      if (json.get("resource") instanceof ObjectNode embedded) {
        embedded.remove("_meta");
      }
    }
    return json;
  }

  /// Annotations have had the rest from the beginning.
  static void leaveOutDate(ObjectNode described) {
    if (described.get("annotations") instanceof ObjectNode annotations) {
      annotations.remove("lastModified");
      if (annotations.isEmpty()) {
        described.remove("annotations");
      }
    }
  }
}
