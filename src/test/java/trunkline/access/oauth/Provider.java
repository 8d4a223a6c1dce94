package trunkline.access.oauth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trunkline.testing.TokenForge;

/// An identity provider that counts what it is asked, answers when the test lets it, and what the
/// test wants.
final class Provider implements AutoCloseable {
  static final String AUDIENCE = "https://mcp.example/mcp";

  private final HttpServer server;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private volatile JWK key = TokenForge.key("first");
  private volatile int status = 200;
  private volatile CountDownLatch open = new CountDownLatch(0);
  private volatile CountDownLatch arrived = new CountDownLatch(1);
  private volatile Function<String, String> introspection = _ -> "{\"active\":false}";
  private volatile @Nullable String authorization;

  Provider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    documents.put(
        "/realm/.well-known/openid-configuration",
        """
        {"issuer":"%s","jwks_uri":"%s/keys","introspection_endpoint":"%s/introspect"}
        """
            .formatted(issuer(), issuer(), issuer()));
    publish(key);
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
  }

  JWK key() {
    return key;
  }

  TokenForge token(String subject) {
    return TokenForge.token(key, issuer(), AUDIENCE, subject);
  }

  /// Signs with a new key from now on, and shows no other.
  JWK rotate(String kid) {
    key = TokenForge.key(kid);
    publish(key);
    return key;
  }

  void publish(JWK... keys) {
    say("/realm/keys", new JWKSet(List.of(keys)).toString(true));
  }

  /// Answers so at that path.
  void say(String path, String json) {
    documents.put(path, json);
  }

  void introspecting(Function<String, String> answer) {
    introspection = answer;
  }

  void failing(int status) {
    this.status = status;
  }

  void healthy() {
    status = 200;
  }

  /// Answers nobody until it is released.
  void hold() {
    arrived = new CountDownLatch(1);
    open = new CountDownLatch(1);
  }

  void release() {
    open.countDown();
  }

  /// Waits until somebody is held.
  void awaitHeld() throws InterruptedException {
    arrived.await();
  }

  int asked(String path) {
    return asked.getOrDefault(path, new AtomicInteger()).get();
  }

  int keysAsked() {
    return asked("/realm/keys");
  }

  @Nullable String authorization() {
    return authorization;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      asked.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
      arrived.countDown();
      open.await();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var json = documents.get(path);
      if (path.equals("/realm/introspect")) {
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        json = introspection.apply(body);
      }
      var bytes = (json == null ? "{}" : json).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(json == null ? 404 : status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
  }
}
