package trunkline.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.Outcome;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientProgress;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ElicitResult;
import trunkline.feature.Root;
import trunkline.feature.ServerHandle;
import trunkline.feature.SessionValues;
import trunkline.feature.Severity;
import trunkline.feature.UrlElicitation;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.Session;

/// What a handler can do in a session, whatever carries its messages: a call has a stream for them.
abstract class SessionContext implements CallContext {
  final Layers core;
  private final Session session;
  private final Revision revision;
  private final Progress progress;
  private volatile @Nullable Severity least;

  /// @param params those of the request that is executed; they may ask for progress
  SessionContext(Layers core, Session session, Revision revision, ObjectNode params) {
    this.core = core;
    this.session = session;
    this.revision = revision;
    this.progress = new Progress(params);
    this.least = severity(session);
  }

  private static @Nullable Severity severity(Session session) {
    return session.logLevel().flatMap(level -> Severity.find(level.text())).orElse(null);
  }

  /// Sends the client a notification; returns after the commit, so that a handler cannot outrun the
  /// database.
  abstract void send(Message.Notification notification);

  /// Puts a question to the client and waits for what becomes of it.
  ///
  /// @param question its method
  abstract Outcome put(String question, ObjectNode params, AskTimeouts waiting);

  /// How long a question stays open that does not say.
  Duration patience() {
    return core.policy().askPatience();
  }

  @Override
  public JsonNode ask(ClientRequest question) {
    for (var needed : question.needs()) {
      if (!supports(needed)) {
        throw new CapabilityMissing(needed);
      }
    }
    var patience = question.patience() == null ? patience() : question.patience();
    var params = Forms.params(question, revision);
    return switch (put(question.method(), params, waiting(question, patience))) {
      case Outcome.Answered(var result) -> result;
      case Outcome.Declined(var error) -> throw new ClientRequestFailed(error);
      case Outcome.TooMany(var most) ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.TOO_MANY,
              "the client owes this instance "
                  + most
                  + " answers, the most (session-questions-max)");
      case Outcome.Expired() ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.EXPIRED, "the client did not answer within " + patience);
      case Outcome.Gone() ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.SESSION_ENDED,
              "the session ended while the client was asked");
    };
  }

  Session session() {
    return session;
  }

  /// Another level was set, on whichever instance.
  void changed(Session now) {
    least = severity(now);
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public boolean supports(ClientCapability capability) {
    return revision.supports(capability, session.clientCapabilities());
  }

  private static AskTimeouts waiting(ClientRequest question, Duration patience) {
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

  /// The row comes first: the page may be done before the client has answered.
  @Override
  public ElicitResult<UrlElicitation> elicit(UrlElicitationRequest request) {
    if (!supports(ClientCapability.ELICITATION_URL)) {
      throw new CapabilityMissing(ClientCapability.ELICITATION_URL);
    }
    var elicitations = core.exchanges().elicitations();
    if (!elicitations.open(session.key(), List.of(request.id()))) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended");
    }
    var agreed = false;
    try {
      var question =
          new ClientRequest("elicitation/create", request.json(), ClientCapability.ELICITATION_URL);
      var answer = ElicitResult.read(ask(question), _ -> urlElicitation(request.id()));
      agreed = answer.accepted().isPresent();
      return answer;
    } finally {
      if (!agreed) {
        elicitations.withdraw(request.id());
      }
    }
  }

  @Override
  public UrlElicitation urlElicitation(String id) {
    return new StoredElicitation(core.exchanges().elicitations(), id, session.principal());
  }

  @Override
  public RpcException required(UrlElicitationRequired pages) {
    var ids = pages.elicitations().stream().map(UrlElicitationRequest::id).toList();
    core.exchanges().elicitations().open(session.key(), ids); // committed before the client hears
    var data = Codec.object();
    var array = data.putArray("elicitations");
    pages.elicitations().forEach(each -> array.add(each.json()));
    return new RpcException(
        new RpcError(ErrorCode.URL_ELICITATION_REQUIRED, String.valueOf(pages.getMessage()), data));
  }

  @Override
  public void progress(double value, @Nullable Double total, @Nullable String message) {
    progress
        .next(value, total, message)
        .ifPresent(params -> notify("notifications/progress", params));
  }

  @Override
  public void log(Severity severity, @Nullable String logger, JsonNode data) {
    var minimum = least; // filtered before it makes the call a stream
    if (minimum != null && severity.compareTo(minimum) < 0) {
      return;
    }
    var params = Codec.object();
    params.put("level", severity.json());
    if (logger != null) {
      params.put("logger", logger);
    }
    params.set("data", data);
    notify("notifications/message", params);
  }

  private void notify(String name, ObjectNode params) {
    throwIfCancelled();
    send(new Message.Notification(name, params));
  }

  @Override
  public SessionValues values() {
    return new StoredValues(core.sessions().values(session.key()));
  }

  @Override
  public List<Root> roots() {
    return RootsCache.areAnnounced(session)
        ? RootsCache.of(core.sessions().roots(session.key()), CallContext.super::roots)
        : CallContext.super.roots();
  }

  @Override
  public Optional<String> sessionId() {
    return Optional.of(session.id().value());
  }

  @Override
  public String principal() {
    return session.principal().name();
  }

  @Override
  public ServerHandle server() {
    return core.server();
  }

  @Override
  public void setLogLevel(Severity wanted) {
    core.sessions().setLogLevel(session.key(), LogLevels.of(wanted));
  }

  @Override
  public void subscribe(String uri) {
    core.sessions().subscriptions().add(session.key(), uri);
  }

  @Override
  public void unsubscribe(String uri) {
    core.sessions().subscriptions().remove(session.key(), uri);
  }
}
