package trunkline.protocol.wire;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Feature;
import trunkline.feature.Icon;
import trunkline.feature.Meta;
import trunkline.feature.Prompt;
import trunkline.feature.Resource;
import trunkline.feature.ResourceListing;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;

/// Spells an entry of a list, without what a revision lacks.
final class Listing {
  private final Revision revision;

  Listing(Revision revision) {
    this.revision = revision;
  }

  ObjectNode entry(Feature feature) {
    return switch (feature) {
      case Tool tool -> marked(tool(tool), tool.meta());
      case Resource resource -> marked(resource(resource), resource.listing().meta());
      case ResourceTemplate template -> marked(template(template), template.listing().meta());
      case Prompt prompt -> marked(prompt(prompt), prompt.meta());
    };
  }

  private ObjectNode marked(ObjectNode json, Meta meta) {
    if (revision.hasMarks()) {
      return meta.addTo(json);
    }
    Rendering.leaveOutDate(json);
    return json;
  }

  private ObjectNode tool(Tool tool) {
    var json = named(tool.name(), tool.title().orElse(null), tool.description());
    json.set("inputSchema", withProperties(inputSchema(tool)));
    outputSchema(tool).ifPresent(schema -> json.set("outputSchema", withProperties(schema)));
    var hints = tool.hints().json();
    if (!revision.hasTitles()) { // there it is among the hints
      tool.title().ifPresent(title -> hints.put("title", title));
    }
    if (!hints.isEmpty()) {
      json.set("annotations", hints);
    }
    if (tool.tasks() != TaskSupport.FORBIDDEN && revision.hasTasks()) {
      json.putObject("execution").put("taskSupport", tool.tasks().wire());
    }
    icons(json, tool.icons());
    return json;
  }

  /// Strict clients refuse a schema with a keyword that they do not know.
  private ObjectNode inputSchema(Tool tool) {
    if (tool.mirrored().isEmpty() || revision.hasMirroredHeaders()) {
      return tool.inputSchema();
    }
    var schema = tool.inputSchema().deepCopy();
    for (var path : tool.mirrored().values()) {
      JsonNode argument = schema;
      for (var member : path) {
        argument = argument.path("properties").path(member);
      }
      if (argument instanceof ObjectNode mirrored) {
        mirrored.remove("x-mcp-header");
      }
    }
    return schema;
  }

  /// Several clients refuse the whole list for one object that does not say which properties it
  /// has; none is what it says without the keyword.
  private static ObjectNode withProperties(ObjectNode schema) {
    if (schema.has("properties") || !schema.path("type").asString("").equals("object")) {
      return schema;
    }
    var spelled = Codec.object();
    for (var entry : schema.properties()) {
      spelled.set(entry.getKey(), entry.getValue());
      if (entry.getKey().equals("type")) {
        spelled.putObject("properties");
      }
    }
    return spelled;
  }

  /// Before 2026-07-28 the root is an object; a client would refuse the whole list otherwise.
  private Optional<ObjectNode> outputSchema(Tool tool) {
    return tool.outputSchema()
        .filter(schema -> revision.hasStructuredContent())
        .filter(schema ->
            revision.hasAnyStructuredContent()
                || schema.path("type").asString("").equals("object"));
  }

  private ObjectNode resource(Resource resource) {
    var json = Codec.object().put("uri", resource.uri());
    described(json, resource.listing());
    return json;
  }

  private ObjectNode template(ResourceTemplate template) {
    var json = Codec.object().put("uriTemplate", template.template().pattern());
    described(json, template.listing());
    return json;
  }

  private void described(ObjectNode json, ResourceListing listing) {
    json.setAll(named(listing.name(), listing.title(), listing.description()));
    if (listing.mimeType() != null) {
      json.put("mimeType", listing.mimeType());
    }
    var annotations = listing.annotations().json();
    if (!annotations.isEmpty()) {
      json.set("annotations", annotations);
    }
    if (listing.size() != null) {
      json.put("size", listing.size());
    }
    icons(json, listing.icons());
  }

  private ObjectNode prompt(Prompt prompt) {
    var json = named(prompt.name(), prompt.title(), prompt.description());
    var arguments = json.putArray("arguments"); // an empty one as well: clients iterate over it
    for (var argument : prompt.arguments()) {
      var entry = named(argument.name(), argument.title(), argument.description());
      arguments.add(entry.put("required", argument.required()));
    }
    icons(json, prompt.icons());
    return json;
  }

  private ObjectNode named(String name, @Nullable String title, @Nullable String description) {
    var json = Codec.object().put("name", name);
    if (title != null && revision.hasTitles()) {
      json.put("title", title);
    }
    if (description != null) {
      json.put("description", description);
    }
    return json;
  }

  private void icons(ObjectNode json, List<Icon> icons) {
    if (!icons.isEmpty() && revision.hasIcons()) {
      var array = json.putArray("icons");
      icons.forEach(icon -> array.add(icon.json()));
    }
  }
}
