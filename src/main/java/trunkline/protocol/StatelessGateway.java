package trunkline.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.listen.Filter;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.method.Methods;
import trunkline.protocol.method.StatelessMethod;
import trunkline.protocol.run.Caller;
import trunkline.protocol.run.LoneRequest;
import trunkline.protocol.run.Rounds;
import trunkline.protocol.run.Services;
import trunkline.protocol.wire.Envelope;
import trunkline.session.Sender;

/// The stateless era's side of the endpoint: each request stands alone, on whichever instance (MCP
/// 2026-07-28, Streamable HTTP). An ordinary one asks nothing of the database.
final class StatelessGateway {
  private final Services services;
  private final Methods methods;
  private final Rounds rounds;
  private final Listens listens;

  StatelessGateway(Services services, Methods methods, Rounds rounds, Listens listens) {
    this.services = services;
    this.methods = methods;
    this.rounds = rounds;
    this.listens = listens;
  }

  Reply post(Sender sender, McpHeaders headers, Message.Request request, Era.Stateless era)
      throws InterruptedException {
    try {
      var mirrored = new MirroredHeaders(headers);
      mirrored.require(request);
      if (request.method().equals("subscriptions/listen")) {
        return listen(sender, request, era);
      }
      var method =
          methods
              .findStateless(request.method())
              .orElseThrow(() -> RpcException.methodNotFound(request.method()));
      method.requireExtension(era.envelope());
      if (request.method().equals("tools/call")) {
        methods
            .findTool(sender, request.params().path("name").asString(""))
            .ifPresent(tool -> mirrored.require(tool, request.params().path("arguments")));
      }
      return run(sender, request, era, method);
    } catch (RpcException e) {
      return refused(request, e);
    }
  }

  private Reply run(
      Sender sender, Message.Request request, Era.Stateless era, StatelessMethod method)
      throws InterruptedException {
    var envelope = era.envelope();
    var caller = new Caller.Alone(sender, envelope.capabilities(), envelope.least());
    var turn =
        rounds.run(
            new LoneRequest(
                caller,
                era.revision(),
                request,
                method.method(),
                method.asks(),
                result -> signed(method.caching().applied(result), era)));
    return switch (turn) {
      case Rounds.Turn.Answered(var error, var body) -> answered(error, body);
      case Rounds.Turn.Streaming(var feed) -> new Reply.Streaming(feed, null);
    };
  }

  /// A stream that outlives its request by far: nothing of this goes into its feed but what it has
  /// to remember.
  private Reply listen(Sender sender, Message.Request request, Era.Stateless era)
      throws InterruptedException {
    var revision = era.revision();
    var principal = sender.principal();
    var tasks = new ListenedTasks(services, principal);
    var resources = new AwaitedResources(methods, sender);
    var filter =
        Filter.read(
            request.params(),
            era.envelope(),
            methods.capabilities(revision, false),
            resources,
            tasks);
    resources.requireAllowed();
    var feed =
        listens.open(
            principal, request.id(), filter, tasks, () -> methods.identity().signature(revision));
    return new Reply.Streaming(feed, null);
  }

  private ObjectNode signed(ObjectNode result, Era.Stateless era) {
    var meta = result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    if (!meta.has(Envelope.SERVER_INFO)) { // an introduction says more
      meta.set(Envelope.SERVER_INFO, methods.identity().signature(era.revision()));
    }
    return result;
  }

  private static Reply refused(Message.Request request, RpcException e) {
    return answered(e.error(), Codec.encode(e.answering(request.id())));
  }

  /// Few errors have a status of their own (MCP 2026-07-28, Streamable HTTP); others are answers.
  private static Reply answered(@Nullable RpcError error, byte[] body) {
    if (error == null) {
      return new Reply.Answer(body, null);
    }
    return switch (error.code()) {
      case ErrorCode.METHOD_NOT_FOUND -> new Reply.Refused(Refusal.NOT_FOUND, body);
      case ErrorCode.HEADER_MISMATCH,
          ErrorCode.CLIENT_CAPABILITY_MISSING,
          ErrorCode.UNSUPPORTED_PROTOCOL_VERSION ->
          new Reply.Refused(Refusal.BAD_REQUEST, body);
      default -> Refusals.ofAny(error, body);
    };
  }
}
