package trunkline.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// HTTP to several instances, each request to the next one, as through the plainest balancer. An
/// instance that refuses the connection is passed over.
final class RoundRobin implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final Supplier<List<URI>> instances;
  private final AtomicInteger turn = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /// @param instances those that there are now
  RoundRobin(Supplier<List<URI>> instances) {
    this.instances = instances;
  }

  /// The answer; its body is read while it arrives.
  HttpResponse<InputStream> send(String method, byte[] body, Map<String, String> headers)
      throws InterruptedException {
    var all = instances.get();
    var first = turn.getAndIncrement();
    IOException refused = new ConnectException("there is no instance");
    for (var i = 0; i < all.size(); i++) {
      var instance = all.get(Math.floorMod(first + i, all.size()));
      var request = HttpRequest.newBuilder(instance);
      headers.forEach(request::header);
      request.method(
          method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
      try {
        return http.send(request.build(), BodyHandlers.ofInputStream());
      } catch (ConnectException e) {
        refused = e;
      } catch (IOException e) {
        throw new UncheckedIOException(method + " " + instance + " failed", e);
      }
    }
    throw new UncheckedIOException("no instance of " + all + " can be reached", refused);
  }

  /// Cuts what is open.
  @Override
  public void close() {
    http.shutdownNow();
  }
}
