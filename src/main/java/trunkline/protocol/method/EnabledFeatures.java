package trunkline.protocol.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.CursorUnknown;
import trunkline.feature.Feature;
import trunkline.feature.FeatureKind;
import trunkline.feature.Page;
import trunkline.feature.Prompt;
import trunkline.feature.RequestContext;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.InsufficientScope;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;
import trunkline.session.Sender;
import trunkline.telemetry.EventSink;

/// The catalog as it is switched now, and as the caller may see it.
///
/// Lists read the switches from the database each time: a client that was notified of a change and
/// lists on an instance that was not yet must not get the former list. Calls use this instance's
/// copy, which costs nothing and lags by the time an announcement takes.
///
/// @param listed reads the switches, those of one principal besides the general ones
/// @param heard gives the switches last read
record EnabledFeatures(
    Catalog catalog,
    Function<String, Switches> listed,
    Supplier<Switches> heard,
    EventSink events) {

  ObjectNode tools(CallContext context, ObjectNode params) {
    return page("tools", FeatureKind.TOOL, context, params, catalog::tools);
  }

  ObjectNode resources(CallContext context, ObjectNode params) {
    return page("resources", FeatureKind.RESOURCE, context, params, catalog::resources);
  }

  ObjectNode templates(CallContext context, ObjectNode params) {
    return page("resourceTemplates", FeatureKind.TEMPLATE, context, params, catalog::templates);
  }

  ObjectNode prompts(CallContext context, ObjectNode params) {
    return page("prompts", FeatureKind.PROMPT, context, params, catalog::prompts);
  }

  /// What the lists have for this sender, all pages of all of them.
  Listed listedFor(Sender sender) {
    var principal = sender.principal().name();
    var sight = sight(listed.apply(principal), principal, sender::identity);
    return new Listed(
        all(catalog::tools, sight),
        all(catalog::prompts, sight),
        all(catalog::resources, sight),
        all(catalog::templates, sight));
  }

  private static <F extends Feature> List<F> all(
      BiFunction<Predicate<Feature>, String, Page<F>> read, Sight sight) {
    var found = new ArrayList<F>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      var page = read.apply(sight, cursor.get());
      found.addAll(page.features());
      cursor = page.nextCursor();
    }
    return found;
  }

  /// The tool that the caller may call.
  Tool tool(RequestContext context, String name) {
    var tool =
        findTool(context, name)
            .orElseThrow(() -> RpcException.invalidParams("Unknown tool: " + name));
    requireAllowed(context, tool, "The tool " + name);
    return tool;
  }

  Prompt prompt(RequestContext context, String name) {
    var prompt =
        findPrompt(context, name)
            .orElseThrow(() -> RpcException.invalidParams("Unknown prompt: " + name));
    requireAllowed(context, prompt, "The prompt " + name);
    return prompt;
  }

  Optional<Tool> findTool(RequestContext context, String name) {
    return catalog.findTool(seenBy(context), name);
  }

  /// The same before there is a context.
  Optional<Tool> findTool(Sender sender, String name) {
    return catalog.findTool(sight(heard.get(), sender.principal().name(), sender::identity), name);
  }

  Optional<Prompt> findPrompt(RequestContext context, String name) {
    return catalog.findPrompt(seenBy(context), name);
  }

  Optional<ResourceTemplate> findTemplate(RequestContext context, String uriTemplate) {
    return catalog.findTemplate(seenBy(context), uriTemplate);
  }

  Optional<Catalog.Reading> findReading(RequestContext context, String uri) {
    return catalog.findReading(seenBy(context), uri);
  }

  /// What a client may listen for: what is off counts, since it may be switched on meanwhile, but
  /// not what is kept from this principal.
  Optional<Catalog.Reading> findAwaited(Sender sender, String uri) {
    var switches = heard.get();
    var principal = sender.principal().name();
    return catalog.findReading(
        new Sight(
            feature -> !switches.isWithheldFrom(principal, feature), sender::identity, events),
        uri);
  }

  /// Goes on for callers that have all scopes which it takes.
  ///
  /// @throws RpcException naming them all
  static void requireAllowed(RequestContext context, Feature feature, String what) {
    var scopes = feature.access().scopes();
    if (!scopes.isEmpty() && !feature.access().allows(context.identity())) {
      throw InsufficientScope.about(what, scopes);
    }
  }

  private Sight seenBy(RequestContext context) {
    return sight(heard.get(), context.principal(), context::identity);
  }

  private Sight sight(
      Switches switches, String principal, Supplier<trunkline.feature.Principal> identity) {
    return new Sight(feature -> switches.isOnFor(principal, feature), identity, events);
  }

  private <F extends Feature> ObjectNode page(
      String field,
      FeatureKind kind,
      CallContext context,
      ObjectNode params,
      BiFunction<Predicate<Feature>, String, Page<F>> read) {
    try {
      var cursor = new Params(params).findString("cursor").orElse("");
      var switches = listed.apply(context.principal());
      var page = read.apply(sight(switches, context.principal(), context::identity), cursor);
      var json = Codec.object();
      var entries = json.putArray(field);
      page.features().forEach(feature -> entries.add(context.revision().spell(feature)));
      page.nextCursor().ifPresent(next -> json.put("nextCursor", next));
      if (catalog.isSelective(kind) || switches.personal().contains(kind)) {
        Caching.keepPrivate(json, context.revision());
      }
      return json;
    } catch (CursorUnknown e) {
      throw RpcException.invalidParams("Invalid cursor");
    }
  }
}
