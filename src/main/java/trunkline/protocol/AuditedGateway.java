package trunkline.protocol;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import trunkline.audit.AuditTrail;
import trunkline.audit.Deeds;
import trunkline.audit.Ending;
import trunkline.audit.Outcome;
import trunkline.audit.Unrecorded;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.memory.MemoryShort;
import trunkline.protocol.wire.Envelope;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.store.DatabaseFailure;

/// Records what clients ask for. What is run is recorded by whoever runs it, when it ends; what is
/// refused or answered before that is recorded here.
public final class AuditedGateway implements Gateway {
  private final Gateway gateway;
  private final AuditTrail trail;

  private AuditedGateway(Gateway gateway, AuditTrail trail) {
    this.gateway = gateway;
    this.trail = trail;
  }

  /// The gateway itself where nothing is recorded.
  public static Gateway of(Gateway gateway, AuditTrail trail) {
    return trail.isOff() ? gateway : new AuditedGateway(gateway, trail);
  }

  @Override
  public Reply post(Sender sender, McpHeaders headers, Body body) throws InterruptedException {
    var requests = requests(body);
    var known = new AuditTrail.Known(headers.traceParent(), revision(requests));
    return recorded(
        trail.begin(sender, requests, known), () -> gateway.post(sender, headers, body));
  }

  private static List<Message.Request> requests(Body body) {
    return switch (body) {
      case Body.Single(Message.Request request) -> List.of(request);
      case Body.Single _ -> List.of();
      case Body.Batch(var messages) ->
          messages.stream()
              .filter(Message.Request.class::isInstance)
              .map(Message.Request.class::cast)
              .toList();
    };
  }

  /// Of a request that says it itself.
  private static String revision(List<Message.Request> requests) {
    return requests.isEmpty()
        ? ""
        : requests.getFirst().params().path("_meta").path(Envelope.VERSION).asString("");
  }

  @Override
  public Optional<Gateway> toolset(String name) {
    return gateway.toolset(name).map(part -> new AuditedGateway(part, trail));
  }

  @Override
  public Reply get(Principal principal, McpHeaders headers) throws InterruptedException {
    var known = new AuditTrail.Known(headers.traceParent(), "");
    return recorded(trail.begin(principal, "GET", known), () -> gateway.get(principal, headers));
  }

  @Override
  public Reply delete(Principal principal, McpHeaders headers) throws InterruptedException {
    var known = new AuditTrail.Known(headers.traceParent(), "");
    return recorded(
        trail.begin(principal, "DELETE", known), () -> gateway.delete(principal, headers));
  }

  private Reply recorded(Deeds deeds, Deeds.Serving<Reply> serving) throws InterruptedException {
    if (deeds.isEmpty()) {
      return serving.serve();
    }
    if (trail.refuses(deeds)) {
      return unavailable(deeds.first());
    }
    Reply reply;
    try {
      reply = deeds.serve(serving);
    } catch (InterruptedException | CancellationException e) {
      var _ = deeds.end(Ending.CANCELLED);
      throw e;
    } catch (DatabaseFailure | MemoryShort e) {
      var _ = deeds.end(Ending.UNAVAILABLE);
      throw e;
    } catch (RuntimeException | Error e) {
      var _ = deeds.end(Ending.FAILED);
      throw e;
    }
    if (deeds.isOver()) {
      return reply;
    }
    // A stream has a place that has to be run to be given back; what comes on it is recorded.
    return deeds.end(ending(reply)) || reply instanceof Reply.Streaming
        ? reply
        : unavailable(deeds.first());
  }

  private static Reply unavailable(@Nullable RequestId id) {
    return Reply.Refused.because(Refusal.UNAVAILABLE, id, Unrecorded.refusal());
  }

  private static Ending ending(Reply reply) {
    return switch (reply) {
      case Reply.Accepted _, Reply.Ended _, Reply.Streaming _ -> Ending.OK;
      case Reply.Answer(var _, var session) when session != null -> Ending.OK;
      case Reply.Answer(var body, var _) -> Ending.of(body, Outcome.ERROR);
      case Reply.Refused(var why, var body) ->
          Ending.of(
              body,
              switch (why) {
                case BAD_REQUEST, NOT_FOUND, NOT_ALLOWED -> Outcome.REFUSED;
                case TOO_MANY -> Outcome.LIMITED;
                case UNAVAILABLE -> Outcome.UNAVAILABLE;
              });
      case Reply.Denied(var _, var body) -> Ending.of(body, Outcome.DENIED);
      case Reply.Limited(var _, var body) -> Ending.of(body, Outcome.LIMITED);
    };
  }
}
