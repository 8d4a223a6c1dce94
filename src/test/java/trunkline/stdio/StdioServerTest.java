package trunkline.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.memory.MemoryBudget;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Reply;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.store.DatabaseUnavailable;

/// What a request that its client withdrew comes to, whatever is behind it.
@Timeout(60)
class StdioServerTest {
  private static final String CANCELLED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";

  private final LateGateway gateway = new LateGateway();
  private OutputStream client;
  private BufferedReader heard;
  private StdioServer server;

  @BeforeEach
  void start() throws IOException {
    var in = Pipe.open();
    var out = Pipe.open();
    client = Channels.newOutputStream(in.sink());
    heard = new BufferedReader(Channels.newReader(out.source(), StandardCharsets.UTF_8));
    server =
        StdioServer.start(
            gateway,
            new MemoryBudget(64 << 20, _ -> {}),
            100_000,
            Channels.newInputStream(in.source()),
            Channels.newOutputStream(out.sink()));
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void what_ends_after_its_cancellation_is_not_answered() throws Exception {
    for (var late : new String[] {"late", "late/refused", "late/away", "late/broken"}) {
      gateway.ends = new CountDownLatch(1);
      gateway.begun = new CountDownLatch(1);
      say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + late + "\"}");
      gateway.begun.await();

      say(CANCELLED);
      say("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
      assertThat(heard.readLine()).contains("\"id\":2");
      gateway.ends.countDown();
      server.awaitIdle();

      say("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}");
      assertThat(heard.readLine()).as(late).contains("\"id\":3");
    }
  }

  @Test
  void an_id_is_free_again_after_its_answer_or_its_cancellation() throws Exception {
    say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
    assertThat(heard.readLine()).contains("\"id\":1");
    say(CANCELLED);
    say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
    assertThat(heard.readLine()).contains("\"id\":1");
  }

  private void say(String line) throws IOException {
    client.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    client.flush();
  }

  /// Answers at once, or when it may, whoever interrupts it meanwhile.
  private static final class LateGateway implements Gateway {
    private volatile CountDownLatch begun = new CountDownLatch(1);
    private volatile CountDownLatch ends = new CountDownLatch(1);

    @Override
    public Optional<Gateway> toolset(String name) {
      return Optional.empty();
    }

    @Override
    public Reply post(Sender sender, McpHeaders headers, Body body) {
      if (!(body instanceof Body.Single(Message.Request(var id, var method, var params)))) {
        return new Reply.Accepted();
      }
      if (method.startsWith("late")) {
        begun.countDown();
        awaitEnd();
      }
      return switch (method) {
        case "late/refused" -> new Reply.Limited(Duration.ZERO, new byte[] {'{', '}'});
        case "late/away" -> throw new DatabaseUnavailable("gone", new IOException());
        case "late/broken" -> throw new IllegalStateException("secret detail");
        default -> new Reply.Answer(Codec.encode(new Response.Success(id, params)), null);
      };
    }

    private void awaitEnd() {
      var interrupted = false;
      while (true) {
        try {
          ends.await();
          break;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Reply get(Principal principal, McpHeaders headers) {
      return new Reply.Accepted();
    }

    @Override
    public Reply delete(Principal principal, McpHeaders headers) {
      return new Reply.Ended();
    }
  }
}
