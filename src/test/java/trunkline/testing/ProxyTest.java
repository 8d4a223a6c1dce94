package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
  private final EchoServer server = new EchoServer("a");
  private final Proxy proxy = new Proxy("127.0.0.1", server.port());
  private final McpTestClient client = new McpTestClient();
  private final URI url = URI.create("http://127.0.0.1:" + proxy.port() + "/mcp");

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
    server.close();
  }

  @Test
  void passes_and_delays() {
    client.on(url).post("{}");
    proxy.weather().delay(Duration.ofMillis(100));

    var start = System.nanoTime();
    var reply = client.on(url).post("{}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void is_silent_without_closing_and_goes_on_where_it_was() throws InterruptedException {
    var stream = client.on(url).get().sse();
    server.toSend.add("data: 1\n\n");
    assertThat(stream.next().data()).isEqualTo("1");

    proxy.weather().silenceToClient();
    server.toSend.add("data: 2\n\n");
    stream.requireSilence(Duration.ofMillis(150));
    assertThat(stream.isEnded()).isFalse();
    proxy.heal();

    assertThat(stream.next().data()).isEqualTo("2");
  }

  @Test
  void holds_new_connections_in_silence() throws Exception {
    proxy.weather().silence();
    var reply = new CompletableFuture<Reply>();
    Thread.startVirtualThread(() -> reply.complete(client.on(url).post("{}")));

    assertThatThrownBy(() -> reply.get(150, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    proxy.heal();

    assertThat(reply.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void resets_one_connection_and_spares_the_other() throws InterruptedException {
    var first = client.on(url).get().sse();
    server.toSend.add("data: 1\n\n");
    var _ = first.next();
    var second = client.on(url).get().sse();

    proxy.links().getFirst().reset();

    first.awaitEnd(Duration.ofSeconds(5));
    assertThat(first.failure()).hasMessageContaining("reset");
    assertThat(second.isEnded()).isFalse();
  }

  @Test
  void cuts_and_refuses_and_heals() throws InterruptedException {
    var stream = client.on(url).get().sse();
    proxy.cut();
    stream.awaitEnd(Duration.ofSeconds(5));

    proxy.refuse();
    assertThatThrownBy(() -> client.on(url).post("{}")).isInstanceOf(UncheckedIOException.class);

    proxy.heal();
    assertThat(client.on(url).post("{}").status()).isEqualTo(200);
  }

  @Test
  void drips() {
    proxy.weather().drip(2_000);
    var text = "x".repeat(500);

    var start = System.nanoTime();
    var reply = client.on(url).post("{\"text\":\"%s\"}".formatted(text));

    assertThat(reply.json().path("body").path("text").asString()).isEqualTo(text);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
  }
}
