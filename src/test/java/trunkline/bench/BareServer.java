package trunkline.bench;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// The floor of what goes over HTTP: Helidon as it comes, and bytes that are made already. POST
/// reads the body and answers; GET is a stream of events that stays open.
final class BareServer {
  /// What the product answers to a call of `echo`.
  static final byte[] ANSWER =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}}"
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] FIRST_EVENT = "id: 1.0.0\ndata:\n\n".getBytes(StandardCharsets.UTF_8);
  private static final List<OutputStream> STREAMS = new CopyOnWriteArrayList<>();

  private BareServer() {}

  public static void main(String[] arguments) throws IOException {
    var server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .backlog(8_192)
            .connectionOptions(options -> options.tcpNoDelay(true))
            .routing(
                routing -> routing.post("/mcp", BareServer::answer).get("/mcp", BareServer::stream))
            .build()
            .start();
    Asked.serve(
        server.port(),
        new Asked.Server() {
          @Override
          public String answer(String what) {
            return switch (what) {
              case "streams" -> Integer.toString(STREAMS.size());
              default -> broadcast(what);
            };
          }
        });
    System.exit(0);
  }

  private static void answer(ServerRequest request, ServerResponse response) {
    request.content().as(byte[].class);
    response.header(HeaderValues.CONTENT_TYPE_JSON).send(ANSWER);
  }

  private static void stream(ServerRequest request, ServerResponse response) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/event-stream"));
    try {
      var out = response.outputStream();
      out.write(FIRST_EVENT);
      STREAMS.add(out); // before its client knows that it is open
      out.flush();
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Writes the event to every stream, one after the other.
  private static String broadcast(String data) {
    var event = ("id: 2.0.0\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    STREAMS.removeIf(out -> !isWritten(out, event));
    return "sent";
  }

  /// Whether its client is still there.
  private static boolean isWritten(OutputStream out, byte[] event) {
    try {
      out.write(event);
      out.flush();
      return true;
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }
}
