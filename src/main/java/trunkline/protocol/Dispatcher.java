package trunkline.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.Announcements;
import trunkline.call.CallStart;
import trunkline.call.StreamedCalls;
import trunkline.exchange.Exchanges;
import trunkline.feature.Catalog;
import trunkline.feature.ServerHandle;
import trunkline.feature.Switches;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.NewSession;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.SessionLimitReached;
import trunkline.session.Sessions;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.store.OutagePatience;
import trunkline.stream.Claim;
import trunkline.stream.EventId;
import trunkline.stream.Streams;
import trunkline.task.Task;
import trunkline.task.TaskInputs;
import trunkline.task.TaskWatch;
import trunkline.task.Tasks;
import trunkline.telemetry.EventSink;

/// The stateful era's side of the endpoint: sessions, calls, streams (MCP 2025-11-25, Transports).
public final class Dispatcher implements Gateway {
  private final Layers layers;
  private final Methods methods;
  private final Negotiation negotiation;
  private final IntSupplier instance;
  private final OutagePatience patience;
  private final CallWatch watch;
  private final TaskDuties duties;

  /// What the protocol needs of the layers below.
  ///
  /// @param instance the id of this instance, which changes when it was fenced
  public record Below(
      Sessions sessions,
      Announcements announcements,
      Streams streams,
      StreamedCalls streamedCalls,
      Exchanges exchanges,
      Tasks tasks,
      Doorbells doorbells,
      ServerHandle server,
      IntSupplier instance,
      EventSink events) {}

  /// @param listed reads the switches of the catalog
  /// @param heard gives the switches that were read or heard last
  public Dispatcher(
      Below below,
      Catalog catalog,
      Supplier<Switches> listed,
      Supplier<Switches> heard,
      ServerIdentity identity,
      ProtocolPolicy policy) {
    var calls = new RunningCalls(policy, below.events());
    var inputs = new TaskInputs(below.tasks(), below.exchanges());
    var watchedTasks = new TaskWatch(below.tasks(), inputs, below.doorbells());
    this.methods = new Methods(new EnabledFeatures(catalog, listed, heard), below.events());
    var tasks = new RunningTasks(below.tasks(), inputs, watchedTasks, methods.toolRun());
    this.layers =
        new Layers(
            below.sessions(),
            below.streams(),
            below.streamedCalls(),
            below.exchanges(),
            calls,
            tasks,
            below.server(),
            policy,
            below.events());
    this.negotiation = new Negotiation(identity, methods);
    this.instance = below.instance();
    this.patience = new OutagePatience(policy.databasePatience());
    this.watch = new CallWatch(calls, tasks, below.sessions(), below.streamedCalls());
    this.duties = new TaskDuties(layers);
    watch.listen(below.announcements());
    below.tasks().onChange(this::tell);
  }

  /// News of a task's status, a courtesy: who waits for the task looks at its row.
  private void tell(Task task) {
    var news = new Message.Notification("notifications/tasks/status", TaskMethods.json(task));
    var _ = layers.streams().send(task.news(), Codec.encode(news));
  }

  /// What this instance does for tasks by itself.
  public TaskDuties tasks() {
    return duties;
  }

  /// The calls that this instance runs.
  public CallWatch calls() {
    return watch;
  }

  @Override
  public Reply post(Principal principal, McpHeaders headers, byte[] body)
      throws InterruptedException {
    Body decoded;
    try {
      decoded = Codec.decode(body);
    } catch (RpcException e) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, e.id().orElse(null), e.error());
    }
    return switch (decoded) {
      case Body.Single(var message) -> single(principal, headers, message);
      case Body.Batch(var messages) -> batch(principal, headers, messages);
    };
  }

  private Reply single(Principal principal, McpHeaders headers, Message message)
      throws InterruptedException {
    switch (Era.of(message, headers)) {
      case Era.Refused(var error) -> {
        return Reply.Refused.because(Refusal.BAD_REQUEST, idOf(message), error);
      }
      case Era.Ignored() -> {
        return new Reply.Accepted();
      }
      case Era.Stateful() -> {}
    }
    if (message instanceof Message.Request request && request.method().equals("initialize")) {
      return initialize(principal, request);
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> sessionRequired(idOf(message));
      case Found.Unknown() -> sessionNotFound(idOf(message));
      case Found.Living(var session) -> inSession(session, List.of(message), false);
    };
  }

  private Reply batch(Principal principal, McpHeaders headers, List<Message> messages)
      throws InterruptedException {
    for (var message : messages) {
      if (Era.hasClaim(message)) {
        return batchRefused("a 2026-07-28 request cannot be part of a batch");
      }
      if (message instanceof Message.Request r && r.method().equals("initialize")) {
        return batchRefused("initialize cannot be part of a batch");
      }
    }
    var refused = Era.refusal(headers);
    if (refused.isPresent()) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, null, refused.get());
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> sessionRequired(null);
      case Found.Unknown() -> sessionNotFound(null);
      case Found.Living(var session) when Revision.of(session).allowsBatch() ->
          inSession(session, messages, true);
      case Found.Living(var session) ->
          batchRefused("batches are part of 2025-03-26 only, not of " + session.revision());
    };
  }

  private static Reply batchRefused(String why) {
    return Reply.Refused.because(
        Refusal.BAD_REQUEST, null, new RpcError(ErrorCode.INVALID_REQUEST, why));
  }

  private Reply initialize(Principal principal, Message.Request request)
      throws InterruptedException {
    try {
      var agreed = negotiation.initialize(principal, request.params());
      var asked =
          new NewSession(
              agreed.revision().version(), principal, agreed.capabilities(), agreed.clientInfo());
      var session = patience.call(() -> layers.sessions().open(asked));
      return new Reply.Answer(
          Codec.encode(new Response.Success(request.id(), agreed.result())), session.id().value());
    } catch (RpcException e) {
      return new Reply.Answer(Codec.encode(e.answering(request.id())), null);
    } catch (SessionLimitReached e) {
      return Reply.Refused.because(
          Refusal.TOO_MANY,
          request.id(),
          new RpcError(ErrorCode.SESSION_REFUSED, String.valueOf(e.getMessage())));
    }
  }

  /// Whether a request's session exists for its principal.
  private sealed interface Found {
    record Missing() implements Found {}

    record Unknown() implements Found {}

    record Living(Session session) implements Found {}
  }

  private Found find(Principal principal, McpHeaders headers) throws InterruptedException {
    var header = headers.session();
    if (header.isEmpty()) {
      return new Found.Missing();
    }
    var id = SessionId.parse(header.get());
    if (id.isEmpty()) {
      return new Found.Unknown();
    }
    return patience
        .call(() -> layers.sessions().find(id.get(), principal))
        .<Found>map(session -> {
          layers.sessions().touch(session.key());
          return new Found.Living(session);
        })
        .orElseGet(Found.Unknown::new);
  }

  private static Reply sessionRequired(@Nullable RequestId id) {
    return Reply.Refused.because(
        Refusal.BAD_REQUEST,
        id,
        new RpcError(
            ErrorCode.SESSION_REFUSED, "Mcp-Session-Id is required: initialize opens a session"));
  }

  private static Reply sessionNotFound(@Nullable RequestId id) {
    return Reply.Refused.because(
        Refusal.NOT_FOUND,
        id,
        new RpcError(ErrorCode.SESSION_NOT_FOUND, "Session not found: initialize anew"));
  }

  private Reply inSession(Session session, List<Message> messages, boolean batch)
      throws InterruptedException {
    var requests = new ArrayList<Message.Request>();
    for (var message : messages) {
      switch (message) {
        case Message.Request request -> requests.add(request);
        case Message.Notification notification -> notice(session, notification);
        case Response response ->
            patience.call(() -> layers.exchanges().answer(session.key(), response));
      }
    }
    return requests.isEmpty() ? new Reply.Accepted() : run(session, requests, batch);
  }

  /// What a client tells: always accepted; what means nothing to us is ignored.
  private void notice(Session session, Message.Notification notification)
      throws InterruptedException {
    if (notification.method().equals("notifications/cancelled")) {
      var reason = notification.params().path("reason").asString("");
      RequestId request;
      try {
        request = RequestId.of(notification.params().path("requestId"));
      } catch (RpcException e) {
        return; // names no request: nothing to cancel, and a notification has no answer
      }
      cancel(session, request, Abbreviation.of(reason));
    }
    if (notification.method().equals("notifications/progress")) {
      var reported = ProgressReport.parse(notification.params());
      if (reported.isPresent()) {
        progress(session, reported.get());
      }
    }
    if (notification.method().equals("notifications/roots/list_changed")
        && RootsCache.areAnnounced(session)) {
      patience.call(() -> {
        layers.sessions().roots(session.key()).changed();
        return true;
      });
    }
  }

  private void progress(Session session, ProgressReport reported) throws InterruptedException {
    patience.call(() -> {
      layers.exchanges().advance(session.key(), reported.question(), reported.advance());
      return true;
    });
  }

  private void cancel(Session session, RequestId request, String reason)
      throws InterruptedException {
    var local = layers.calls().find(session.key(), request.encoded());
    if (local.isPresent()) {
      local.get().cancel(reason);
    } else {
      patience.call(() -> {
        layers.streamedCalls().cancel(session.key(), request.encoded(), reason);
        return true;
      });
    }
  }

  private Reply run(Session session, List<Message.Request> requests, boolean batch)
      throws InterruptedException {
    if (requests.stream().map(Message.Request::id).distinct().count() < requests.size()) {
      return batchRefused("two requests of the batch have the same id");
    }
    var revision = Revision.of(session);
    var group =
        new CallGroup(
            requests.size(),
            batch,
            () -> layers.streamedCalls().open(start(session, requests), revision.primesStreams()));
    for (int index = 0; index < requests.size(); index++) {
      begin(session, revision, requests.get(index), group, index);
    }
    return switch (group.await(layers.policy().upgradeAfter())) {
      case CallGroup.Turn.Answered(var body) -> new Reply.Answer(body, null);
      case CallGroup.Turn.Silent() -> new Reply.Accepted();
      case CallGroup.Turn.SessionGone() -> sessionNotFound(requests.getFirst().id());
      case CallGroup.Turn.Streaming(var stream) ->
          new Reply.Streaming(layers.streamedCalls().feed(stream), session.id().value());
    };
  }

  private void begin(
      Session session, Revision revision, Message.Request request, CallGroup group, int index) {
    var method =
        methods
            .find(request.method())
            .orElse((_, _) -> {
              throw RpcException.methodNotFound(request.method());
            });
    var call = new RunningCall(layers, session, revision, request, method, group, index);
    try {
      layers.calls().add(call);
    } catch (RpcException e) {
      group.answer(index, Codec.encode(e.answering(request.id())));
      return;
    }
    call.start();
  }

  private CallStart start(Session session, List<Message.Request> requests) {
    return new CallStart(
        session.key(),
        session.principal(),
        new InstanceId(instance.getAsInt()),
        requests.stream()
            .map(request ->
                new CallStart.Requested(
                    request.id().encoded(),
                    request.method(),
                    Codec.encode(request),
                    methods.isRetryable(request.method(), request.params())))
            .toList());
  }

  @Override
  public Reply get(Principal principal, McpHeaders headers) throws InterruptedException {
    var refused = bodilessRefusal(headers);
    if (refused.isPresent()) {
      return refused.get();
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> notAllowed();
      case Found.Unknown() -> sessionNotFound(null);
      case Found.Living(var session) -> follow(session, headers.lastEventId());
    };
  }

  private Reply follow(Session session, Optional<String> lastEventId) throws InterruptedException {
    var from = lastEventId.flatMap(EventId::parse);
    if (lastEventId.isPresent() && from.isEmpty()) {
      return eventRefused("Last-Event-ID is not an event id of this server");
    }
    var primes = Revision.of(session).primesStreams();
    return switch (patience.call(
        () -> layers.streams().claim(session, from.orElse(null), primes))) {
      case Claim.Granted(var holding) ->
          new Reply.Streaming(
              layers
                  .streams()
                  .feed(
                      holding,
                      () ->
                          GapNotice.messages(
                              session, layers.sessions().subscriptions(session.key()))),
              session.id().value());
      case Claim.Unknown() -> eventRefused("Last-Event-ID names no stream of this session");
      case Claim.FromTheFuture() -> eventRefused("Last-Event-ID was never issued");
      case Claim.Gap() ->
          eventRefused(
              "messages after Last-Event-ID are no longer kept: the call's stream is lost");
      case Claim.NothingLeft() -> notAllowed();
    };
  }

  /// Streams and ends belong to sessions.
  private static Optional<Reply> bodilessRefusal(McpHeaders headers) {
    return Era.isStateless(headers)
        ? Optional.of(notAllowed())
        : Era.refusal(headers)
            .map(error -> Reply.Refused.because(Refusal.BAD_REQUEST, null, error));
  }

  private static Reply eventRefused(String why) {
    return Reply.Refused.because(
        Refusal.BAD_REQUEST, null, new RpcError(ErrorCode.SESSION_REFUSED, why));
  }

  private static Reply notAllowed() {
    return Reply.Refused.because(
        Refusal.NOT_ALLOWED,
        null,
        new RpcError(
            ErrorCode.SESSION_REFUSED, "Method not allowed: there is no stream to follow"));
  }

  @Override
  public Reply delete(Principal principal, McpHeaders headers) throws InterruptedException {
    var refused = bodilessRefusal(headers);
    if (refused.isPresent()) {
      return refused.get();
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> notAllowed();
      case Found.Unknown() -> sessionNotFound(null);
      case Found.Living(var session) -> {
        patience.call(() -> layers.sessions().end(session.key(), "client"));
        yield new Reply.Ended();
      }
    };
  }

  private static @Nullable RequestId idOf(Message message) {
    return message instanceof Message.Request request ? request.id() : null;
  }
}
