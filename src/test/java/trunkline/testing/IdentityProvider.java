package trunkline.testing;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/// An identity provider in this JVM with any number of issuers, whose keys are rotated and which is
/// away when the test says so.
public final class IdentityProvider implements AutoCloseable {
  private final Keys keys = new Keys();
  private final MockOAuth2Server server;
  private final Proxy proxy;

  /// The one key that each issuer has.
  private static final class Keys extends KeyProvider {
    private final Map<String, JWK> current = new ConcurrentHashMap<>();

    Keys() {
      super(List.of(), "ES256");
    }

    @Override
    public JWK signingKey(String issuer) {
      return current.computeIfAbsent(issuer, each -> TokenForge.key(each + "-1"));
    }
  }

  public IdentityProvider() {
    var listener = new NettyWrapper();
    server =
        new MockOAuth2Server(
            new OAuth2Config(
                false, null, null, false, new OAuth2TokenProvider(keys), Set.of(), listener));
    server.start(InetAddress.getLoopbackAddress(), 0);
    proxy = new Proxy("127.0.0.1", listener.port());
  }

  /// The URL of one of its issuers.
  public String issuer(String name) {
    return "http://127.0.0.1:" + proxy.port() + "/" + name;
  }

  /// A good token for five minutes, to be changed.
  public TokenForge token(String issuer, String audience, String subject) {
    return TokenForge.token(keys.signingKey(issuer), issuer(issuer), audience, subject);
  }

  /// A token as the provider itself gives it to a client with a secret.
  ///
  /// @param scope also the token's audience
  public String tokenOfClient(String issuer, String client, String scope)
      throws IOException, InterruptedException {
    var form =
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            client,
            "client_secret",
            "secret",
            "scope",
            scope);
    var body =
        form.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var request =
        HttpRequest.newBuilder(URI.create(issuer(issuer) + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString()).body();
      return Json.of(answer).path("access_token").asString();
    }
  }

  /// Signs with a new key from now on, and tells of no other.
  public void rotate(String issuer, String kid) {
    keys.current.put(issuer, TokenForge.key(kid));
  }

  public void goAway() {
    proxy.refuse();
  }

  /// Takes connections and says nothing.
  public void fallSilent() {
    proxy.weather().silence();
  }

  public void comeBack() {
    proxy.heal();
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      server.shutdown();
    }
  }
}
