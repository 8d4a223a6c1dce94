package trunkline.protocol.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.AskedQuestion;
import trunkline.exchange.Outcome;
import trunkline.exchange.TaskQuestion;
import trunkline.feature.Action;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientProgress;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ElicitResult;
import trunkline.feature.Implementation;
import trunkline.feature.Invocation;
import trunkline.feature.Meta;
import trunkline.feature.Principal;
import trunkline.feature.Root;
import trunkline.feature.ServerHandle;
import trunkline.feature.SessionValues;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitation;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.OpaqueId;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.around.InterceptorFailed;
import trunkline.protocol.around.Timed;
import trunkline.protocol.round.InputRequired;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.Recollection;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Revision;
import trunkline.session.Session;
import trunkline.session.StreamId;
import trunkline.store.Interruption;

/// The context of a handler: its client, the services below, and a carrier for its messages. A
/// call, a task and a request without a session differ in the carrier only.
final class HandlerContext implements CallContext, Timed {
  private final Revision revision;
  private final Services services;
  private final RunningTasks tasks;
  private final Carrier carrier;
  private final ObjectNode meta;
  private final Progress progress;
  private final Steps steps;
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger pages = new AtomicInteger();
  private final AtomicReference<Meta> resultMeta = new AtomicReference<>(Meta.NONE);
  private volatile Caller caller;
  private volatile boolean cancelled;
  private volatile boolean mayBecomeTask;
  private volatile boolean becomesTask;
  private volatile Consumer<JsonNode> givenUp = _ -> {};

  /// @param params those of the request; they may ask for progress
  HandlerContext(
      Caller caller,
      Revision revision,
      ObjectNode params,
      Services services,
      RunningTasks tasks,
      Carrier carrier) {
    this.caller = caller;
    this.revision = revision;
    this.services = services;
    this.tasks = tasks;
    this.carrier = carrier;
    this.meta = params.path("_meta") instanceof ObjectNode given ? given : Codec.object();
    this.progress = new Progress(params);
    this.steps = new Steps(services, carrier);
  }

  Caller caller() {
    return caller;
  }

  private Session requireSession() {
    return caller
        .session()
        .orElseThrow(() -> new IllegalStateException("a client without a session"));
  }

  /// Goes on with the progress of a former run: it must increase (MCP 2025-11-25, Progress).
  void resumeProgress(StreamId stream) {
    progress
        .beginning()
        .flatMap(beginning -> services.streams().latest(stream, beginning))
        .ifPresent(progress::resume);
  }

  /// Another level was set, on whichever instance.
  void changed(Session now) {
    caller = new Caller.InSession(now, caller.sender());
  }

  /// Cancels the request.
  ///
  /// @return whether it was not cancelled before
  boolean cancel() {
    var first = !cancelled;
    cancelled = true;
    return first;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  /// Has the request answered by this when its handler is given up.
  void whenGivenUp(Consumer<JsonNode> answer) {
    givenUp = answer;
  }

  @Override
  public void giveUp(String said) {
    givenUp.accept(revision.spell(ToolResult.error(said)));
  }

  @Override
  public boolean wantsProgress() {
    return progress.isWanted();
  }

  @Override
  public Duration quiet() {
    return progress.quiet();
  }

  @Override
  public void beat() {
    progress.sign().ifPresent(params -> notify(Progress.METHOD, params));
  }

  @Override
  public boolean isDetached() {
    return carrier instanceof TaskCarrier;
  }

  /// Reports a failure that the client must not read.
  void failed(String why) {
    services.failed(caller, carrier.name(), why);
  }

  @Override
  public boolean knows(String extension) {
    return caller.knows(extension);
  }

  @Override
  public void offerTask() {
    mayBecomeTask = true;
  }

  @Override
  public boolean isToBecomeTask() {
    return becomesTask;
  }

  @Override
  public void continueAsTask() {
    throwIfCancelled();
    if (!mayBecomeTask) {
      return;
    }
    if (carrier.isAsking()) { // another thread of the handler
      throw new InputRequired();
    }
    becomesTask = true;
    throw new ContinuedAsTask();
  }

  /// What the request has asked and done so far.
  Recollection recollection() {
    return carrier.recollection();
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public boolean supports(ClientCapability capability) {
    return revision.supports(capability, caller.capabilities());
  }

  @Override
  public List<JsonNode> askAll(List<ClientRequest> asked) {
    throwIfCancelled();
    try {
      return services.interception().run(new Invocation.Asking(asked, this), this::ask);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled around a question", e);
    } catch (Exception e) {
      throw new InterceptorFailed(e);
    }
  }

  private List<JsonNode> ask(Invocation<List<JsonNode>> asking) {
    var asked = ((Invocation.Asking) asking).questions();
    for (var question : asked) {
      for (var needed : question.needs()) {
        if (!supports(needed)) {
          throw new CapabilityMissing(needed);
        }
      }
    }
    var posed = asked.stream().map(this::posed).toList();
    var outcomes = carrier.ask(posed);
    var results = new ArrayList<JsonNode>();
    for (int index = 0; index < outcomes.size(); index++) {
      results.add(result(outcomes.get(index), posed.get(index).timeouts().patience()));
    }
    return results;
  }

  private Posed posed(ClientRequest question) {
    var patience = question.patience() == null ? carrier.patience() : question.patience();
    return new Posed(
        questions.incrementAndGet(),
        question.name(),
        question.method(),
        revision.spell(question),
        timeouts(question, patience));
  }

  private static JsonNode result(Outcome outcome, Duration patience) {
    return switch (outcome) {
      case Outcome.Answered(var result) -> result;
      case Outcome.Declined(var error) -> throw new ClientRequestFailed(error);
      case Outcome.TooMany(var max) ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.TOO_MANY,
              "the client owes this instance %1$d answers; the limit is %1$d (--session-questions-max)"
                  .formatted(max));
      case Outcome.Expired() ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.EXPIRED, "the client did not answer within " + patience);
      case Outcome.Gone() ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.SESSION_ENDED,
              "the session ended while the client was asked");
    };
  }

  private static AskTimeouts timeouts(ClientRequest question, Duration patience) {
    var listener = question.progress();
    return listener == null
        ? AskTimeouts.upTo(patience)
        : new AskTimeouts(
            patience,
            question.atMost() == null ? patience : question.atMost(),
            reached ->
                listener.accept(
                    new ClientProgress(reached.progress(), reached.total(), reached.message())));
  }

  /// Puts a task's question to the client and does not wait.
  Optional<AskedQuestion> relay(TaskQuestion question) {
    var stream = carrier.requireStream();
    return services.exchanges().passOn(stream.writer(), questions.incrementAndGet(), question);
  }

  @Override
  public ElicitResult<UrlElicitation> elicit(UrlElicitationRequest request) {
    return pages().elicit(this, request);
  }

  /// In each round it is the same page.
  @Override
  public ElicitResult<UrlElicitation> elicitUrl(String message, Function<String, URI> page) {
    if (caller.session().isPresent()) {
      return CallContext.super.elicitUrl(message, page);
    }
    var step = "url-elicitation-" + pages.incrementAndGet();
    var id = once(step, String.class, OpaqueId::random);
    return elicit(new UrlElicitationRequest(id, message, page.apply(id)));
  }

  @Override
  public UrlElicitation urlElicitation(String id) {
    return pages().find(id);
  }

  @Override
  public RpcException required(UrlElicitationRequired required) {
    return pages().required(this, required);
  }

  private AskedPages pages() {
    return new AskedPages(caller, services);
  }

  @Override
  public void progress(double value, @Nullable Double total, @Nullable String message) {
    progress.next(value, total, message).ifPresent(params -> notify(Progress.METHOD, params));
  }

  @Override
  public void log(LogLevel level, @Nullable String logger, JsonNode data) {
    if (!caller.hears(level)) { // before it makes the call a stream
      return;
    }
    var params = Codec.object();
    params.put("level", level.text());
    if (logger != null) {
      params.put("logger", logger);
    }
    params.set("data", data);
    notify("notifications/message", params);
  }

  private void notify(String name, ObjectNode params) {
    throwIfCancelled();
    carrier.send(new Message.Notification(name, params));
  }

  @Override
  public void releaseConnection() {
    if (revision.allowsPolling()) {
      carrier.stream().ifPresent(services.streamedCalls()::release);
    }
  }

  @Override
  public <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step)
      throws X {
    throwIfCancelled();
    return steps.once(name, step);
  }

  @Override
  public SessionValues values() {
    return caller
        .session()
        .<SessionValues>map(
            session -> new StoredValues(services, services.sessions().values(session.key())))
        .orElseGet(NoValues::new);
  }

  @Override
  public List<Root> roots() {
    var session = caller.session();
    if (session.isEmpty()) {
      return CallContext.super.roots();
    }
    var cache = new RootsCache(session.get(), services.sessions());
    return services
        .patientlyUntilCancelled(cache::find)
        .orElseGet(() -> {
          var told = CallContext.super.roots();
          return services.patientlyUntilCancelled(() -> cache.keep(told));
        });
  }

  @Override
  public Optional<String> sessionId() {
    return caller.session().map(session -> session.id().value());
  }

  @Override
  public String principal() {
    return caller.principal().name();
  }

  @Override
  public Principal identity() {
    var claims = new HashMap<String, JsonNode>();
    caller.sender().claims().properties().forEach(it -> claims.put(it.getKey(), it.getValue()));
    return new Principal(principal(), claims, caller.sender().credential().scopes());
  }

  @Override
  public Optional<Implementation> client() {
    return Implementation.from(
        caller
            .session()
            .<JsonNode>map(Session::clientInfo)
            .orElseGet(() -> meta.path(Envelope.CLIENT_INFO)));
  }

  @Override
  public String protocolVersion() {
    return revision.version();
  }

  @Override
  public ObjectNode meta() {
    return meta;
  }

  @Override
  public Optional<String> header(String name) {
    if (!services.shownHeaders().contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "handlers do not see the header %1$s; a catalog that wants it says headers(\"%1$s\"), an operator --request-headers %1$s"
              .formatted(name));
    }
    return caller.sender().header(name);
  }

  @Override
  public void resultMeta(String key, JsonNode value) {
    resultMeta.updateAndGet(said -> said.with(key, value));
  }

  /// Runs its handler; what belongs to the catalog is there until it ends.
  <T> T run(Callable<T> handler) throws Exception {
    services.catalog().enter();
    try {
      return handler.call();
    } finally {
      services.catalog().leave();
    }
  }

  /// Adds what the handler has said of its result.
  JsonNode withMeta(JsonNode result) {
    return result instanceof ObjectNode json ? resultMeta.get().addTo(json) : result;
  }

  @Override
  public ServerHandle server() {
    return services.server();
  }

  @Override
  public void setLogLevel(LogLevel wanted) {
    var _ =
        services.patientlyUntilCancelled(
            () -> services.sessions().setLogLevel(requireSession().key(), wanted));
  }

  @Override
  public void subscribe(String uri) {
    var _ =
        services.patientlyUntilCancelled(
            () -> services.sessions().subscriptions().add(requireSession().key(), uri));
  }

  @Override
  public void unsubscribe(String uri) {
    var _ =
        services.patientlyUntilCancelled(() -> {
          services.sessions().subscriptions().remove(requireSession().key(), uri);
          return true;
        });
  }

  @Override
  public TaskCalls tasks() {
    return tasks.of(this);
  }
}
