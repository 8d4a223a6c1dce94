package trunkline.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Refusal;
import trunkline.protocol.Reply;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.signal.Doorbell;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;

/// A small protocol of its own behind the endpoint: answers with what it was sent, and streams.
final class EchoGateway implements Gateway {
  /// More than kernels keep for a client that does not read.
  static final String BIG = "0123456".repeat(3_000_000);

  final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
  final Queue<Doorbell> followers = new ConcurrentLinkedQueue<>();

  @Override
  public Optional<Gateway> toolset(String name) {
    return Optional.empty();
  }

  @Override
  public Reply post(Sender sender, McpHeaders headers, Body body) {
    try {
      return switch (body) {
        case Body.Single(var message) -> reply(sender.principal(), message);
        case Body.Batch _ ->
            throw new RpcException(new RpcError(ErrorCode.INVALID_REQUEST, "no batches"));
      };
    } catch (RpcException e) {
      return Reply.Refused.because(Refusal.BAD_REQUEST, null, e.error());
    }
  }

  private Reply reply(Principal principal, Message message) {
    return switch (message) {
      case Message.Notification _ -> new Reply.Accepted();
      case Response _ -> new Reply.Accepted();
      case Message.Request(var id, var method, var params) ->
          switch (method) {
            case "stream" -> new Reply.Streaming(outlet -> count(outlet, 3), "f".repeat(32));
            case "line" -> new Reply.Streaming(EchoGateway::line, null);
            case "ask" -> new Reply.Streaming(EchoGateway::ask, null);
            case "silent" -> new Reply.Streaming(outlet -> outlet.retry(Duration.ZERO), null);
            case "flood" -> new Reply.Streaming(this::flood, null);
            case "broken" -> new Reply.Streaming(EchoGateway::breakDown, null);
            case "boom" -> throw new IllegalStateException("secret detail");
            case "overflow" -> throw new StackOverflowError("secret detail");
            case "away" -> throw new DatabaseUnavailable("gone", new IOException());
            case "big" -> new Reply.Answer(BIG.getBytes(StandardCharsets.UTF_8), null);
            case "whoami" ->
                answer(new Response.Success(id, Codec.object().put("name", principal.name())));
            default -> answer(new Response.Success(id, params));
          };
    };
  }

  private static Reply answer(Response response) {
    return new Reply.Answer(Codec.encode(response), null);
  }

  private static void count(Outlet outlet, int to) {
    outlet.prime("7.0.0.1.1", Duration.ofSeconds(2));
    for (var i = 1; i <= to; i++) {
      outlet.message("7." + i + ".0", ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
    }
  }

  /// As SQL may have written it.
  private static void line(Outlet outlet) {
    var text = "a\u2028b\u2029c\u0085d\u009fe\u00a0é€😀";
    outlet.message(null, notification(text));
    outlet.message(
        null, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] notification(String text) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"%s\"}"
        .formatted(text)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void ask(Outlet outlet) {
    outlet.message(
        null,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"roots/list\"}"
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void breakDown(Outlet outlet) {
    outlet.message("1", "{}".getBytes(StandardCharsets.UTF_8));
    outlet.flush();
    throw new IllegalStateException("secret detail");
  }

  private void flood(Outlet outlet) throws InterruptedException {
    var payload = "y".repeat(30_000).getBytes(StandardCharsets.UTF_8);
    watched(() -> {
      while (true) {
        outlet.message("1", payload);
      }
    });
  }

  /// A standalone stream: idle until rung, alive by comments.
  @Override
  public Reply get(Principal principal, McpHeaders headers) {
    if (headers.session().isEmpty()) {
      return refused(Refusal.BAD_REQUEST, "a session is needed");
    }
    if (headers.lastEventId().filter(id -> !id.matches("[0-9]+\\.[0-9]+\\.[0-9]+")).isPresent()) {
      return refused(Refusal.BAD_REQUEST, "not an event id");
    }
    if (headers.session().get().equals("finished")) {
      return refused(Refusal.NOT_ALLOWED, "nothing left");
    }
    if (headers.session().get().equals("brief")) {
      return new Reply.Streaming(outlet -> count(outlet, 1), null);
    }
    return new Reply.Streaming(this::follow, null);
  }

  private void follow(Outlet outlet) throws InterruptedException {
    var news = new Doorbell();
    followers.add(news);
    outlet.whenQuiet(news::ring);
    watched(() -> {
      while (true) {
        news.await(Duration.ofMinutes(10));
        if (outlet.isQuiet()) {
          outlet.comment();
        } else {
          outlet.message("9.1.0", "{}".getBytes(StandardCharsets.UTF_8));
        }
        outlet.flush();
      }
    });
  }

  private interface Endless {
    void run() throws InterruptedException;
  }

  private void watched(Endless body) throws InterruptedException {
    try {
      body.run();
    } catch (ClientGone e) {
      ended.add(e.why().toString());
      throw e;
    }
  }

  @Override
  public Reply delete(Principal principal, McpHeaders headers) {
    return headers.session().isPresent()
        ? new Reply.Ended()
        : refused(Refusal.NOT_FOUND, "no such session");
  }

  private static Reply refused(Refusal why, String message) {
    return Reply.Refused.because(why, null, new RpcError(ErrorCode.SESSION_REFUSED, message));
  }
}
