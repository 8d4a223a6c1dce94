package trunkline.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Action;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ElicitResult;
import trunkline.feature.Principal;
import trunkline.feature.RequestContext;
import trunkline.feature.Scopes;
import trunkline.feature.ServerHandle;
import trunkline.feature.SessionValues;
import trunkline.feature.UrlElicitation;
import trunkline.feature.UrlElicitationRequest;
import trunkline.jsonrpc.LogLevel;

/// A request without a server, a database or a client: give it to [trunkline.feature.Tool#call] or
/// to any handler.
///
/// ```java
/// var context = new ScriptedContext().answer(new Order(Size.LARGE, List.of(), false));
/// var result = ORDER_PIZZA.call(new Table(4), context);
/// ```
///
/// Don't implement [RequestContext] yourself: it grows, and this grows with it.
public final class ScriptedContext extends ScriptedClient<ScriptedContext>
    implements RequestContext {
  private final Map<String, JsonNode> values;
  private final Map<String, JsonNode> steps;
  private final Set<String> completed = ConcurrentHashMap.newKeySet();
  private final ScriptedCluster cluster = new ScriptedCluster(completed);
  private String principal = "anonymous";
  private Map<String, JsonNode> claims = Map.of();
  private Scopes scopes = Scopes.NONE;
  private @Nullable String sessionId = "scripted-session";
  private volatile boolean pagesAreFinished;
  private volatile boolean cancelled;
  private volatile boolean released;
  private volatile boolean mayContinue;

  public ScriptedContext() {
    this(new HashMap<>(), new HashMap<>());
  }

  private ScriptedContext(Map<String, JsonNode> values, Map<String, JsonNode> steps) {
    this.values = new ConcurrentHashMap<>(values);
    this.steps = new ConcurrentHashMap<>(steps);
  }

  /// The same request when another instance runs it again: a new context that remembers values and
  /// steps, and is asked anew. Its script is empty.
  public ScriptedContext again() {
    var next = new ScriptedContext(values, steps);
    next.principal = principal;
    next.claims = claims;
    next.scopes = scopes;
    next.sessionId = sessionId;
    return next;
  }

  /// Another principal than `anonymous`.
  public ScriptedContext as(String principal) {
    this.principal = principal;
    return this;
  }

  /// A principal with claims and scopes, as handlers and [trunkline.feature.Access] see it.
  public ScriptedContext as(Principal identity) {
    this.principal = identity.name();
    this.claims = identity.claims();
    this.scopes = identity.scopes();
    return this;
  }

  /// Credentials with these scopes.
  public ScriptedContext withScopes(String... names) {
    scopes = Scopes.of(List.of(names));
    return this;
  }

  /// A request of the stateless era: no session, and no memory of one.
  public ScriptedContext withoutSession() {
    sessionId = null;
    return this;
  }

  /// The user is done at every page, as soon as somebody looks.
  public ScriptedContext pagesFinished() {
    pagesAreFinished = true;
    return this;
  }

  /// The client withdraws the request. The thread that runs the handler is not interrupted.
  public ScriptedContext cancelRequest() {
    cancelled = true;
    return this;
  }

  /// What the handler sent to sessions, the first first.
  public List<Sent> sent() {
    return cluster.sent();
  }

  /// The resources that it reported as updated.
  public List<String> updated() {
    return cluster.updated();
  }

  /// The features that it switched, by their keys.
  public Map<String, Boolean> switched() {
    return cluster.switched();
  }

  /// Those that it switched for one principal.
  public Map<String, Boolean> switchedFor(String principal) {
    return Map.copyOf(cluster.switchedFor(principal));
  }

  /// The names of the steps that were done once, here or in the run before.
  public Set<String> steps() {
    return Set.copyOf(steps.keySet());
  }

  /// Whether the handler closed the connection.
  public boolean isReleased() {
    return released;
  }

  /// Whether the handler said that it may go on as a task.
  public boolean mayContinueAsTask() {
    return mayContinue;
  }

  @Override
  public List<JsonNode> askAll(List<ClientRequest> requests) {
    for (var request : requests) {
      request.needs().stream()
          .filter(need -> !can(need))
          .findFirst()
          .ifPresent(need -> {
            throw new CapabilityMissing(need);
          });
    }
    var answers = new ArrayList<JsonNode>();
    for (var request : requests) {
      throwIfCancelled();
      answers.add(asked(request.method(), request.params()));
    }
    return answers;
  }

  @Override
  public ElicitResult<UrlElicitation> elicit(UrlElicitationRequest request) {
    var question =
        new ClientRequest("elicitation/create", request.json(), ClientCapability.ELICITATION_URL);
    return ElicitResult.read(ask(question), _ -> urlElicitation(request.id()));
  }

  @Override
  public UrlElicitation urlElicitation(String id) {
    return new ScriptedPage(id, () -> pagesAreFinished || completed.contains(id));
  }

  @Override
  public boolean supports(ClientCapability capability) {
    return can(capability);
  }

  @Override
  public void progress(double progress, @Nullable Double total, @Nullable String message) {
    reported(progress, total, message);
  }

  @Override
  public void log(LogLevel level, @Nullable String logger, JsonNode data) {
    logged(level, logger, data);
  }

  /// A step that throws is not remembered.
  @Override
  public <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step)
      throws X {
    if (name.isEmpty() || name.length() > STEP_NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a step's name has 1 to " + STEP_NAME_LENGTH_MAX + " characters, not " + name.length());
    }
    var known = steps.get(name);
    if (known != null) {
      return known;
    }
    if (steps.size() >= STEPS_MAX) {
      throw new IllegalStateException("a request has at most " + STEPS_MAX + " steps");
    }
    JsonNode given = step.perform();
    steps.put(name, given);
    return given;
  }

  @Override
  public void continueAsTask() {
    mayContinue = true;
  }

  @Override
  public SessionValues values() {
    return new ScriptedValues(values, sessionId != null);
  }

  @Override
  public Optional<String> sessionId() {
    return Optional.ofNullable(sessionId);
  }

  @Override
  public String principal() {
    return principal;
  }

  @Override
  public Principal identity() {
    return new Principal(principal, claims, scopes);
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public ServerHandle server() {
    return cluster;
  }

  @Override
  public void releaseConnection() {
    released = true;
  }
}
