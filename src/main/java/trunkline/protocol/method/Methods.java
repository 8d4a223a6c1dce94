package trunkline.protocol.method;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.AppView;
import trunkline.feature.Catalog;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.jsonrpc.Codec;
import trunkline.protocol.around.Interception;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.run.Method;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Revision;
import trunkline.protocol.wire.ServerIdentity;
import trunkline.protocol.wire.TasksExtension;
import trunkline.session.Sender;
import trunkline.telemetry.EventSink;

/// The methods that this catalog supports: a method and its server capability come together, so
/// nothing undeclared is served. Neither `initialize`, which opens the session that others run in,
/// nor `subscriptions/listen`, which is a stream, is among them.
public final class Methods {
  private final EnabledFeatures features;
  private final ServerIdentity identity;
  private final Map<String, Method> stateful = new LinkedHashMap<>();
  private final Map<String, StatelessMethod> stateless = new LinkedHashMap<>();
  private final Method toolRun;

  /// @param catalog the whole, or a part that is served by itself
  /// @param listed reads the switches of the catalog, for one principal
  /// @param heard gives the switches last read
  /// @param interception stands around each handler
  public Methods(
      Catalog catalog,
      ServerIdentity identity,
      Function<String, Switches> listed,
      Supplier<Switches> heard,
      Interception interception,
      EventSink events) {
    this.identity = identity;
    this.features = new EnabledFeatures(catalog, listed, heard, events);
    var errors = new HandlerErrors(interception, events);
    stateful.put("ping", SessionMethods::ping);
    stateful.put("logging/setLevel", SessionMethods::setLevel);
    stateless.put(
        "server/discover", new StatelessMethod(this::discover, Caching.DISCOVERY, false, ""));
    var tools = new ToolMethods(features, errors);
    var anywhere = new EnabledFeatures(catalog.everything(), listed, heard, events);
    this.toolRun = new ToolMethods(anywhere, errors)::run;
    if (features.catalog().hasTools()) {
      both("tools/list", tools::list, Caching.LIST);
      asking("tools/call", tools.call(), Caching.NONE);
    }
    if (features.catalog().hasTasks()) {
      stateful.put("tasks/get", TaskMethods::get);
      stateful.put("tasks/result", TaskMethods::result);
      stateful.put("tasks/list", TaskMethods::list);
      stateful.put("tasks/cancel", TaskMethods::cancel);
      extension("tasks/get", ExtensionTaskMethods::get);
      extension("tasks/update", ExtensionTaskMethods::update);
      extension("tasks/cancel", ExtensionTaskMethods::cancel);
    }
    if (features.catalog().hasResources()) {
      var resources = new ResourceMethods(features, errors);
      both("resources/list", resources::list, Caching.LIST);
      both("resources/templates/list", resources::listTemplates, Caching.LIST);
      asking("resources/read", new Admitted(resources::read, resources::admit), Caching.READING);
      stateful.put("resources/subscribe", new Admitted(resources::subscribe, resources::admit));
      stateful.put("resources/unsubscribe", resources::unsubscribe);
    }
    if (features.catalog().hasPrompts()) {
      var prompts = new PromptMethods(features, errors);
      both("prompts/list", prompts::list, Caching.LIST);
      asking("prompts/get", new Admitted(prompts::get, prompts::admit), Caching.NONE);
    }
    if (completes()) {
      var completions = new CompletionMethods(features, errors);
      both(
          "completion/complete",
          new Admitted(completions::complete, completions::admit),
          Caching.NONE);
    }
  }

  private void both(String name, Method method, Caching caching) {
    stateful.put(name, method);
    stateless.put(name, new StatelessMethod(method, caching, false, ""));
  }

  private void asking(String name, Method method, Caching caching) {
    stateful.put(name, method);
    stateless.put(name, new StatelessMethod(method, caching, true, ""));
  }

  private void extension(String name, Method method) {
    stateless.put(name, new StatelessMethod(method, Caching.NONE, false, TasksExtension.NAME));
  }

  private JsonNode discover(CallContext context, ObjectNode params) {
    var result = Codec.object();
    var versions = result.putArray("supportedVersions");
    Revision.supported().forEach(versions::add);
    result.set("capabilities", capabilities(context.revision(), false));
    identity.instructionsForModel().ifPresent(text -> result.put("instructions", text));
    var meta = result.putObject("_meta");
    meta.set(Envelope.SERVER_INFO, identity.introduction(context.revision()));
    return result;
  }

  /// Answers a request of a session.
  public Optional<Method> find(String name) {
    return Optional.ofNullable(stateful.get(name));
  }

  /// Answers a request of the stateless era.
  public Optional<StatelessMethod> findStateless(String name) {
    return Optional.ofNullable(stateless.get(name));
  }

  /// The names of those that a session has.
  public Set<String> ofSessions() {
    return Set.copyOf(stateful.keySet());
  }

  /// The names of those that the stateless era has.
  public Set<String> ofStateless() {
    return Set.copyOf(stateless.keySet());
  }

  /// The tool of this name, if its sender sees it.
  public Optional<Tool> findTool(Sender sender, String name) {
    return features.findTool(sender, name);
  }

  /// What the lists have for this sender now; asks the database once, as each list does.
  public Listed listedFor(Sender sender) {
    return features.listedFor(sender);
  }

  /// The scopes that it takes to listen for this resource; empty for one that is not there to its
  /// sender. One that is off is there: it may be switched on while somebody listens.
  public Optional<Set<String>> scopesToAwait(Sender sender, String uri) {
    return features.findAwaited(sender, uri).map(found -> found.of().access().scopes());
  }

  /// Whether a tool has this name, on or off, whoever asks.
  public boolean hasTool(String name) {
    return features.catalog().findTool(Switches.ALL_ON, name).isPresent();
  }

  /// Whether a prompt has this name, on or off.
  public boolean hasPrompt(String name) {
    return features.catalog().findPrompt(Switches.ALL_ON, name).isPresent();
  }

  /// Whether a resource of exactly this URI is listed, on or off; what fits a template is not.
  public boolean isListed(String uri) {
    return features
        .catalog()
        .findReading(Switches.ALL_ON, uri)
        .filter(reading -> reading.request().variables().isEmpty())
        .isPresent();
  }

  /// Runs a tool plainly, for a call or for a task, of whichever toolset.
  public Method toolRun() {
    return toolRun;
  }

  /// The capabilities declared to a client of this revision.
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
    var extensions = Codec.object();
    if (catalog.hasTasks() && revision.isStateless()) {
      extensions.putObject(TasksExtension.NAME);
    }
    if (catalog.hasViews() && revision.hasExtensions()) { // to have the pages is all there is to do
      extensions.putObject(AppView.EXTENSION);
    }
    if (!extensions.isEmpty()) {
      json.set("extensions", extensions);
    }
    return json;
  }

  /// What the server tells of itself.
  public ServerIdentity identity() {
    return identity;
  }

  private boolean completes() {
    return features.catalog().hasPrompts() || features.catalog().hasResources();
  }
}
