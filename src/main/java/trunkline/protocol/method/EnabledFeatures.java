package trunkline.protocol.method;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.CursorUnknown;
import trunkline.feature.Feature;
import trunkline.feature.Page;
import trunkline.feature.Prompt;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.Revision;

/// The catalog as it is switched now.
///
/// Lists read the switches from the database each time: a client that was notified of a change and
/// lists on an instance that was not yet must not get the former list. Calls use this instance's
/// copy, which costs nothing and lags by the time an announcement takes.
///
/// @param listed reads the switches
/// @param heard gives the switches last read
record EnabledFeatures(Catalog catalog, Supplier<Switches> listed, Supplier<Switches> heard) {

  ObjectNode tools(Revision revision, ObjectNode params) {
    return page(
        "tools", revision, params, cursor -> catalog.tools(listed.get(), cursor.orElse("")));
  }

  ObjectNode resources(Revision revision, ObjectNode params) {
    return page(
        "resources",
        revision,
        params,
        cursor -> catalog.resources(listed.get(), cursor.orElse("")));
  }

  ObjectNode templates(Revision revision, ObjectNode params) {
    return page(
        "resourceTemplates",
        revision,
        params,
        cursor -> catalog.templates(listed.get(), cursor.orElse("")));
  }

  ObjectNode prompts(Revision revision, ObjectNode params) {
    return page(
        "prompts", revision, params, cursor -> catalog.prompts(listed.get(), cursor.orElse("")));
  }

  Optional<Tool> findTool(String name) {
    return catalog.findTool(heard.get(), name);
  }

  Tool tool(String name) {
    return findTool(name).orElseThrow(() -> RpcException.invalidParams("Unknown tool: " + name));
  }

  Prompt prompt(String name) {
    return catalog
        .findPrompt(heard.get(), name)
        .orElseThrow(() -> RpcException.invalidParams("Unknown prompt: " + name));
  }

  Optional<ResourceTemplate> findTemplate(String uriTemplate) {
    return catalog.findTemplate(heard.get(), uriTemplate);
  }

  Optional<Catalog.Reading> findReading(String uri) {
    return catalog.findReading(heard.get(), uri);
  }

  private static <F extends Feature> ObjectNode page(
      String field,
      Revision revision,
      ObjectNode params,
      Function<Optional<String>, Page<F>> read) {
    try {
      var page = read.apply(new Params(params).findString("cursor"));
      var json = Codec.object();
      var entries = json.putArray(field);
      page.features().forEach(feature -> entries.add(revision.spell(feature)));
      page.nextCursor().ifPresent(next -> json.put("nextCursor", next));
      return json;
    } catch (CursorUnknown e) {
      throw RpcException.invalidParams("Invalid cursor");
    }
  }
}
