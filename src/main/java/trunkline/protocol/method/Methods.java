package trunkline.protocol.method;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Switches;
import trunkline.jsonrpc.Codec;
import trunkline.protocol.run.Method;
import trunkline.protocol.wire.Revision;
import trunkline.telemetry.EventSink;

/// The methods that this catalog supports: a method and its server capability come together, so
/// nothing undeclared is served. `initialize` is not among them: it opens the session that these
/// run in.
public final class Methods {
  private final EnabledFeatures features;
  private final Map<String, Method> stateful = new LinkedHashMap<>();
  private final Method toolRun;

  /// @param listed reads the switches of the catalog
  /// @param heard gives the switches last read
  public Methods(
      Catalog catalog, Supplier<Switches> listed, Supplier<Switches> heard, EventSink events) {
    this.features = new EnabledFeatures(catalog, listed, heard);
    var errors = new HandlerErrors(events);
    stateful.put("ping", SessionMethods::ping);
    stateful.put("logging/setLevel", SessionMethods::setLevel);
    var tools = new ToolMethods(features, errors);
    this.toolRun = tools::run;
    if (features.catalog().hasTools()) {
      stateful.put("tools/list", tools::list);
      stateful.put("tools/call", tools.call());
    }
    if (features.catalog().hasTasks()) {
      stateful.put("tasks/get", TaskMethods::get);
      stateful.put("tasks/result", TaskMethods::result);
      stateful.put("tasks/list", TaskMethods::list);
      stateful.put("tasks/cancel", TaskMethods::cancel);
    }
    if (features.catalog().hasResources()) {
      var resources = new ResourceMethods(features, errors);
      stateful.put("resources/list", resources::list);
      stateful.put("resources/templates/list", resources::listTemplates);
      stateful.put("resources/read", resources::read);
      stateful.put("resources/subscribe", resources::subscribe);
      stateful.put("resources/unsubscribe", resources::unsubscribe);
    }
    if (features.catalog().hasPrompts()) {
      var prompts = new PromptMethods(features, errors);
      stateful.put("prompts/list", prompts::list);
      stateful.put("prompts/get", prompts::get);
    }
    if (completes()) {
      stateful.put("completion/complete", new CompletionMethods(features, errors)::complete);
    }
  }

  public Optional<Method> find(String name) {
    return Optional.ofNullable(stateful.get(name));
  }

  /// Runs a tool plainly, for a call or for a task.
  public Method toolRun() {
    return toolRun;
  }

  /// The capabilities declared to a client of a stateful revision.
  ///
  /// @param known whether the client is authenticated; only then may it list its tasks
  public ObjectNode capabilities(Revision revision, boolean known) {
    var catalog = features.catalog();
    var json = Codec.object();
    json.putObject("logging");
    if (completes()) {
      json.putObject("completions");
    }
    if (catalog.hasPrompts()) {
      json.putObject("prompts").put("listChanged", true);
    }
    if (catalog.hasResources()) {
      json.putObject("resources").put("subscribe", true).put("listChanged", true);
    }
    if (catalog.hasTools()) {
      json.putObject("tools").put("listChanged", true);
    }
    if (catalog.hasTasks() && revision.hasTasks()) {
      var tasks = json.putObject("tasks");
      if (known) {
        tasks.putObject("list");
      }
      tasks.putObject("cancel");
      tasks.putObject("requests").putObject("tools").putObject("call");
    }
    return json;
  }

  public Optional<String> instructions() {
    return features.catalog().instructions();
  }

  private boolean completes() {
    return features.catalog().hasPrompts() || features.catalog().hasResources();
  }
}
