package trunkline.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.audit.Deeds;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.method.Methods;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.Services;
import trunkline.protocol.wire.Revision;
import trunkline.session.EndReason;
import trunkline.session.NewSession;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.SessionLimitReached;
import trunkline.stream.Claim;
import trunkline.stream.EventId;
import trunkline.trace.Operations;

/// The stateful era's side of the endpoint: sessions, calls, streams (MCP 2025-11-25, Transports).
final class StatefulGateway {
  private final Services services;
  private final Calls calls;
  private final String toolset;
  private final Negotiation negotiation;
  private final ClientNotices notices;

  /// @param toolset to which its sessions belong; empty: the whole catalog
  StatefulGateway(Services services, Calls calls, Methods methods, String toolset) {
    this.services = services;
    this.calls = calls;
    this.toolset = toolset;
    this.negotiation = new Negotiation(methods);
    this.notices = new ClientNotices(services, calls);
  }

  /// A message that is no stateless one.
  Reply single(Sender sender, McpHeaders headers, Message message) throws InterruptedException {
    if (message instanceof Message.Request request && request.method().equals("initialize")) {
      return initialize(sender.principal(), request);
    }
    return switch (find(sender.principal(), headers)) {
      case Found.Missing() -> Refusals.sessionRequired(idOf(message));
      case Found.Unknown() -> Refusals.sessionNotFound(idOf(message));
      case Found.Living(var session) -> inSession(session, sender, List.of(message), false);
    };
  }

  Reply batch(Sender sender, McpHeaders headers, List<Message> messages)
      throws InterruptedException {
    for (var message : messages) {
      if (Era.hasClaim(message)) {
        return Refusals.batch("a 2026-07-28 request cannot be part of a batch");
      }
      if (message instanceof Message.Request r && r.method().equals("initialize")) {
        return Refusals.batch("initialize cannot be part of a batch");
      }
    }
    var refused = Era.refusal(headers);
    if (refused.isPresent()) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, null, refused.get());
    }
    return switch (find(sender.principal(), headers)) {
      case Found.Missing() -> Refusals.sessionRequired(null);
      case Found.Unknown() -> Refusals.sessionNotFound(null);
      case Found.Living(var session) when Revision.of(session).allowsBatch() ->
          inSession(session, sender, messages, true);
      case Found.Living(var session) ->
          Refusals.batch("batches are part of 2025-03-26 only, not of " + session.revision());
    };
  }

  private Reply initialize(Principal principal, Message.Request request)
      throws InterruptedException {
    try {
      var agreed = negotiation.initialize(principal, request.params());
      var asked =
          new NewSession(
              SessionId.random(),
              agreed.revision().version(),
              principal,
              agreed.capabilities(),
              agreed.clientInfo(),
              toolset);
      var session = services.patiently(() -> services.sessions().open(asked));
      Deeds.in(session);
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
    return services
        .patiently(() -> services.sessions().find(id.get(), principal))
        .filter(session -> session.toolset().equals(toolset))
        .<Found>map(session -> {
          services.sessions().touch(session.key());
          Operations.here().ofSession(session.key().value(), session.revision());
          Deeds.in(session);
          return new Found.Living(session);
        })
        .orElseGet(Found.Unknown::new);
  }

  private Reply inSession(Session session, Sender sender, List<Message> messages, boolean batch)
      throws InterruptedException {
    var requests = new ArrayList<Message.Request>();
    for (var message : messages) {
      switch (message) {
        case Message.Request request -> requests.add(request);
        case Message.Notification notification -> notices.take(session, notification);
        case Response response ->
            services.patiently(() -> services.exchanges().answer(session.key(), response));
      }
    }
    return requests.isEmpty() ? new Reply.Accepted() : run(session, sender, requests, batch);
  }

  private Reply run(Session session, Sender sender, List<Message.Request> requests, boolean batch)
      throws InterruptedException {
    if (requests.stream().map(Message.Request::id).distinct().count() < requests.size()) {
      return Refusals.batch("two requests of the batch have the same id");
    }
    return switch (calls.run(session, sender, requests, batch)) {
      case Calls.Turn.Answered(var body, var error) -> Refusals.ofAny(error, body);
      case Calls.Turn.Silent() -> new Reply.Accepted();
      case Calls.Turn.SessionGone() -> Refusals.sessionNotFound(requests.getFirst().id());
      case Calls.Turn.Streaming(var stream) ->
          new Reply.Streaming(services.streamedCalls().feed(stream), session.id().value());
    };
  }

  Reply get(Principal principal, McpHeaders headers) throws InterruptedException {
    var refused = bodilessRefusal(headers);
    if (refused.isPresent()) {
      return refused.get();
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> Refusals.sessionRequired();
      case Found.Unknown() -> Refusals.sessionNotFound(null);
      case Found.Living(var session) -> follow(session, headers.lastEventId());
    };
  }

  private Reply follow(Session session, Optional<String> lastEventId) throws InterruptedException {
    var from = lastEventId.flatMap(EventId::parse);
    if (lastEventId.isPresent() && from.isEmpty()) {
      return Refusals.event("Last-Event-ID is not an event id of this server");
    }
    var primes = Revision.of(session).primesStreams();
    return switch (services.patiently(
        () -> services.streams().claim(session, from.orElse(null), primes))) {
      case Claim.Granted(var holding) ->
          new Reply.Streaming(
              services
                  .streams()
                  .feed(
                      holding,
                      () ->
                          GapNotice.messages(
                              session, services.sessions().subscriptions().list(session.key()))),
              session.id().value());
      case Claim.Unknown() -> Refusals.event("Last-Event-ID names no stream of this session");
      case Claim.FromTheFuture() -> Refusals.event("Last-Event-ID was never issued");
      case Claim.Gap() ->
          Refusals.event(
              "messages after Last-Event-ID are no longer kept: the call's stream is lost");
      case Claim.NothingLeft() -> Refusals.notAllowed();
    };
  }

  /// Streams and ends belong to sessions.
  private static Optional<Reply> bodilessRefusal(McpHeaders headers) {
    return Era.isStateless(headers)
        ? Optional.of(Refusals.notAllowed())
        : Era.refusal(headers)
            .map(error -> Reply.Refused.because(Refusal.BAD_REQUEST, null, error));
  }

  Reply delete(Principal principal, McpHeaders headers) throws InterruptedException {
    var refused = bodilessRefusal(headers);
    if (refused.isPresent()) {
      return refused.get();
    }
    return switch (find(principal, headers)) {
      case Found.Missing() -> Refusals.sessionRequired();
      case Found.Unknown() -> {
        // perhaps its first attempt has ended it, and not every instance has heard
        if (headers.session().flatMap(SessionId::parse).isPresent()) {
          services.sessions().awaitHearers();
        }
        yield Refusals.sessionNotFound(null);
      }
      case Found.Living(var session) -> {
        services.patiently(() -> services.sessions().end(session.key(), EndReason.CLIENT));
        yield new Reply.Ended();
      }
    };
  }

  private static @Nullable RequestId idOf(Message message) {
    return message instanceof Message.Request request ? request.id() : null;
  }
}
