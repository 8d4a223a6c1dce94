package trunkline.access.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Requests to identity providers. Each is over within [#WHOLE_MAX], its body included, follows no
/// redirect, and is read up to [#BYTES_MAX]. Proxies are those of the JVM (`https.proxyHost` …).
final class ProviderLink {
  static final Duration WHOLE_MAX = Duration.ofSeconds(5);
  static final int BYTES_MAX = 512 * 1024;

  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(Version.HTTP_1_1)
          .followRedirects(Redirect.NEVER)
          .connectTimeout(CONNECT_MAX)
          .executor(
              Executors.newThreadPerTaskExecutor(
                  Thread.ofVirtual().name("identity-provider-", 0).factory()))
          .build();

  /// A JSON object that is there for everybody.
  ObjectNode get(URI url) throws ProviderAway, InterruptedException {
    return object(
        HttpRequest.newBuilder(url).header("Accept", "application/json").GET().build(),
        "GET " + url);
  }

  /// What it says to a form.
  ///
  /// @param authorization the value of that header
  ObjectNode post(URI url, String form, String authorization)
      throws ProviderAway, InterruptedException {
    var request =
        HttpRequest.newBuilder(url)
            .header("Accept", "application/json")
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return object(request, "POST " + url);
  }

  private ObjectNode object(HttpRequest request, String what)
      throws ProviderAway, InterruptedException {
    var response = answer(request, what);
    if (response.statusCode() != 200) {
      throw ProviderAway.saying(what + " answers " + response.statusCode());
    }
    try {
      return Codec.objectFrom(new String(response.body(), StandardCharsets.UTF_8));
    } catch (RuntimeException _) { // the parser's words quote what it read
      throw ProviderAway.saying(what + " answers no JSON object");
    }
  }

  private HttpResponse<byte[]> answer(HttpRequest request, String what)
      throws ProviderAway, InterruptedException {
    var answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX));
    try {
      return answer.get(WHOLE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw ProviderAway.silent(what + " has no answer within " + WHOLE_MAX.toSeconds() + " s");
    } catch (ExecutionException | CancellationException e) {
      throw ProviderAway.silent(what + " fails: " + reason(e));
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(Exception failure) {
    var cause = failure.getCause();
    var message = cause instanceof IOException ? cause.getMessage() : null;
    return message == null ? (cause == null ? failure : cause).getClass().getSimpleName() : message;
  }
}
