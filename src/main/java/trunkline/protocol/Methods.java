package trunkline.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.telemetry.EventSink;

/// What a client may ask, as far as this catalog has it: a method and the server capability that it
/// belongs to come together, so nothing is served that was not declared. `initialize` is not among
/// them, it opens the session that these run in.
public final class Methods {
  private final EnabledFeatures offer;
  private final Map<String, Method> stateful = new LinkedHashMap<>();

  private final Method toolRun;

  Methods(EnabledFeatures offer, EventSink events) {
    this.offer = offer;
    var failures = new HandlerErrors(events);
    stateful.put("ping", SessionMethods::ping);
    stateful.put("logging/setLevel", SessionMethods::setLevel);
    var tools = new ToolMethods(offer, events);
    this.toolRun = tools::run;
    if (offer.catalog().hasTools()) {
      stateful.put("tools/list", tools::list);
      stateful.put("tools/call", tools::call);
    }
    if (offer.catalog().hasTasks()) {
      stateful.put("tasks/get", TaskMethods::get);
      stateful.put("tasks/result", TaskMethods::result);
      stateful.put("tasks/list", TaskMethods::list);
      stateful.put("tasks/cancel", TaskMethods::cancel);
    }
    if (offer.catalog().hasResources()) {
      var resources = new ResourceMethods(offer, failures);
      stateful.put("resources/list", resources::list);
      stateful.put("resources/templates/list", resources::listTemplates);
      stateful.put("resources/read", resources::read);
      stateful.put("resources/subscribe", resources::subscribe);
      stateful.put("resources/unsubscribe", resources::unsubscribe);
    }
    if (offer.catalog().hasPrompts()) {
      var prompts = new PromptMethods(offer, failures);
      stateful.put("prompts/list", prompts::list);
      stateful.put("prompts/get", prompts::get);
    }
    if (completes()) {
      stateful.put("completion/complete", new CompletionMethods(offer, failures)::complete);
    }
  }

  Optional<Method> find(String name) {
    return Optional.ofNullable(stateful.get(name));
  }

  /// Runs a tool plainly, for a call or for a task.
  Method toolRun() {
    return toolRun;
  }

  /// Whether a call of this request may be run again on another instance: everything that only
  /// reads, and tools that say so.
  boolean isRetryable(String method, ObjectNode params) {
    if (!method.equals("tools/call")) {
      return stateful.containsKey(method);
    }
    return offer
        .catalog()
        .findTool(offer.heard().get(), params.path("name").asString(""))
        .map(tool -> tool.retryable())
        .orElse(true);
  }

  /// What the server declares to a client of a stateful revision.
  ///
  /// @param known whether the client is authenticated; only then it may list its tasks
  ObjectNode capabilities(Revision revision, boolean known) {
    var catalog = offer.catalog();
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

  Optional<String> instructions() {
    return offer.catalog().instructions();
  }

  private boolean completes() {
    return offer.catalog().hasPrompts() || offer.catalog().hasResources();
  }
}
