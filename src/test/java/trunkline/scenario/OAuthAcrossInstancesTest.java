package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.IdentityProvider;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.Running;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TokenForge;

/// Requirement J1: whoever has a token of an issuer gets in on every instance, as the same
/// principal with each of its tokens; whoever has none is told where to get one; and the issuer may
/// rotate its keys and be away.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OAuthAcrossInstancesTest {
  private static final String URL = "https://mcp.example/mcp";
  private static final String CHALLENGE =
      "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"";
  private static final String LISTEN =
      "{'jsonrpc':'2.0','id':1,'method':'subscriptions/listen','params':{}}".replace('\'', '"');

  /// Of every instance; a test that rotates keys has one of its own.
  private static final List<String> ISSUERS =
      List.of("staff", "guests", "shifts", "flooded", "silent", "withdrawn");

  private static final Tool WHOAMI =
      Tool.named("whoami")
          .description("Who asks")
          .handler((_, context) -> {
            var asker = context.identity();
            var seen = Codec.object().put("name", asker.name());
            seen.put("scopes", String.join(" ", asker.scopes().missing(List.of("a", "b"))));
            asker.claim("team").ifPresent(team -> seen.set("team", team));
            return ToolResult.structured(seen);
          });

  private final IdentityProvider provider = new IdentityProvider();
  private final TestCluster cluster;
  private Instance a;
  private Instance b;

  OAuthAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster
        .with(Catalog.builder().add(WHOAMI).build())
        .with("public-url", URL)
        .with("oidc-issuer", String.join(",", ISSUERS.stream().map(provider::issuer).toList()));
    a = cluster.start("a", "oidc-outage-max", "1h");
    b = cluster.start("b", "poll-only", "true");
    for (var instance : List.of(a, b)) { // until the keys are there, tokens get a 503
      for (var issuer : List.of("staff", "guests")) {
        awaitStatus(instance, token(issuer, "first").sign(), 200);
      }
    }
  }

  @AfterAll
  void end() {
    cluster.close();
    provider.close();
  }

  private TokenForge token(String issuer, String subject) {
    return provider.token(issuer, URL, subject);
  }

  private String staff(String subject) {
    return token("staff", subject).sign();
  }

  private static McpTestClient bearing(String token) {
    return new McpTestClient().withHeader("Authorization", "Bearer " + token);
  }

  private static StatelessTestClient alone(String token) {
    return new StatelessTestClient().withHeader("Authorization", "Bearer " + token);
  }

  /// The status of a call, by whichever era.
  private static int status(Running instance, String token) {
    try (var client = alone(token)) {
      return client.on(instance).call("whoami", "{}").status();
    }
  }

  @Test
  void whoever_comes_without_a_token_is_told_on_every_instance_where_to_get_one() throws Exception {
    var c = cluster.start("c", "oidc-scopes", "mcp:use,mcp:more");
    try (var client = new McpTestClient()) {
      for (var instance : List.of(a, c)) {
        for (var refused : everything(client, instance)) {
          assertThat(refused.status()).isEqualTo(401);
          assertThat(refused.header("www-authenticate"))
              .isEqualTo(
                  "Bearer " + CHALLENGE + (instance == a ? "" : ", scope=\"mcp:use mcp:more\""));
          assertThat(refused.json().at("/error/message").asString())
              .isEqualTo("a bearer token is needed");
        }
        for (var path : List.of("", "/mcp", "/mcp/")) {
          var document = document(client, instance, path, "GET");
          assertThat(document.status()).isEqualTo(200);
          assertThat(document.headers())
              .containsEntry("content-type", "application/json")
              .containsEntry("access-control-allow-origin", "*");
          assertThat(document.json().path("resource").asString()).isEqualTo(URL);
          assertThat(document.json().path("authorization_servers"))
              .hasSize(ISSUERS.size())
              .first()
              .hasToString("\"" + provider.issuer("staff") + "\"");
          assertThat(document.json().has("scopes_supported")).isEqualTo(instance == c);
        }
        var preflight = document(client, instance, "", "OPTIONS");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-headers"))
            .contains("MCP-Protocol-Version");
        assertThat(document(client, instance, "", "POST").status()).isEqualTo(405);
        assertThat(document(client, instance, "/other", "GET").status()).isEqualTo(404);
      }
    }
    assertThat(status(c, token("staff", "x").scope("mcp:use mcp:more").sign())).isEqualTo(200);
    try (var client = bearing(token("staff", "x").scope("mcp:use").sign())) {
      var refused = client.on(c).request("ping");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header("www-authenticate"))
          .startsWith("Bearer error=\"insufficient_scope\", ")
          .endsWith(CHALLENGE + ", scope=\"mcp:more mcp:use\"");
    }
  }

  private static Reply document(
      McpTestClient client, Running instance, String path, String method) {
    var place = instance.url().resolve("/.well-known/oauth-protected-resource" + path);
    return client
        .on(place)
        .raw(method, new byte[0], "Origin", "https://page.example", "Host", place.getAuthority());
  }

  /// A request of each kind.
  private static List<Reply> everything(McpTestClient client, Running instance) {
    var on = client.on(instance);
    return List.of(
        on.request("ping"),
        on.get(),
        on.resume("1.0.0"),
        on.delete(),
        on.post(
            LISTEN, "Mcp-Method", "subscriptions/listen", "MCP-Protocol-Version", "2026-07-28"));
  }

  @Test
  void every_token_but_a_good_one_is_refused_with_each_kind_of_request() throws Exception {
    var soon = Long.toString(Instant.now().getEpochSecond() + 100);
    var secret = new OctetSequenceKey.Builder(new byte[32]).build();
    var tokens = new LinkedHashMap<String, String>();
    tokens.put(
        "the token has expired", token("staff", "x").expiring(Duration.ofMinutes(-1)).sign());
    tokens.put("the token is not valid yet", token("staff", "x").claim("nbf", soon).sign());
    tokens.put(
        "the token is for another audience",
        token("staff", "x").claim("aud", "'https://other.example/mcp'").sign());
    tokens.put(
        "the token is of another issuer",
        token("staff", "x").claim("iss", "'" + provider.issuer("others") + "'").sign());
    tokens.put(
        "the token is not signed by its issuer",
        token("staff", "x").sign(TokenForge.key("staff-1")));
    tokens.put(
        "the token's algorithm is not taken",
        token("staff", "x").header("alg", "HS256").sign(secret));
    tokens.put("the token is not a signed JWT", unsigned(staff("x")));
    tokens.put("that is no access token", token("staff", "x").claim("at_hash", "'h'").sign());
    tokens.put("the token is not known", "opaque");

    tokens.forEach((reason, token) -> {
      try (var client = bearing(token)) {
        for (var refused : everything(client, a)) {
          assertThat(refused.status()).as(reason).isEqualTo(401);
          assertThat(refused.header("www-authenticate"))
              .isEqualTo(
                  "Bearer error=\"invalid_token\", error_description=\"%s\", %s"
                      .formatted(reason, CHALLENGE));
        }
      }
    });
    assertThat(status(a, staff("x"))).isEqualTo(200);
  }

  private static String unsigned(String token) {
    return Base64URL.encode("{\"alg\":\"none\"}") + "." + token.split("\\.", -1)[1] + ".";
  }

  @Test
  void a_token_of_the_provider_s_own_gets_in_and_a_handler_sees_its_claims() throws Exception {
    try (var program = alone(provider.tokenOfClient("staff", "robot", URL));
        var alice = alone(token("staff", "alice").scope("a").claim("team", "'kitchen'").sign())) {
      assertThat(program.on(a).call("whoami", "{}").result().at("/structuredContent/name"))
          .hasToString("\"" + provider.issuer("staff") + " robot\"");
      assertThat(alice.on(a).call("whoami", "{}").result().path("structuredContent"))
          .isEqualTo(
              Codec.objectFrom(
                  json(
                      "{'name':'%s alice','scopes':'b','team':'kitchen'}",
                      provider.issuer("staff"))));
    }
  }

  @Test
  void a_session_goes_on_with_a_new_token_and_exists_for_nobody_else() throws Exception {
    try (var alice = bearing(token("shifts", "alice").sign());
        var bob = bearing(token("shifts", "bob").sign());
        var namesake = bearing(token("guests", "alice").sign())) {
      alice.on(a).connect(Trio.REVISION);
      alice.withHeader("Authorization", "Bearer " + token("shifts", "alice").scope("a").sign());
      assertThat(alice.on(b).request("ping").status()).isEqualTo(200);

      provider.rotate("shifts", "shifts-2");
      alice.withHeader("Authorization", "Bearer " + token("shifts", "alice").sign());
      assertThat(alice.on(b).request("ping").status()).isEqualTo(200);
      assertThat(alice.on(a).request("ping").status()).isEqualTo(200);

      for (var other : List.of(bob, namesake)) {
        if (other == bob) {
          other.withHeader("Authorization", "Bearer " + token("shifts", "bob").sign());
        }
        other.withSession(alice.sessionId(), Trio.REVISION);
        for (var instance : List.of(a, b)) {
          var on = other.on(instance);
          assertThat(List.of(on.request("ping"), on.get(), on.resume("1.0.0"), on.delete()))
              .allSatisfy(reply -> assertThat(reply.status()).isEqualTo(404));
        }
      }
      assertThat(cluster.database().sql("select principal from trunkline.sessions").column())
          .containsExactly(provider.issuer("shifts") + " alice");
    }
  }

  @Test
  void keys_are_rotated_under_load_and_a_flood_of_unknown_ones_reaches_nobody() throws Exception {
    var old = token("flooded", "alice").sign();
    assertThat(List.of(status(a, old), status(b, old))).containsOnly(200);

    for (var i = 0; i < 50; i++) {
      var flood =
          TokenForge.token(TokenForge.key("k" + i), provider.issuer("guests"), URL, "mallory");
      assertThat(status(a, flood.sign())).isEqualTo(401);
    }
    assertThat(
            a.events().all(ServerEvent.IssuerKeysRead.class).stream()
                .filter(read -> read.issuer().equals(provider.issuer("guests"))))
        .hasSizeLessThanOrEqualTo(7);

    provider.rotate("flooded", "flooded-2");
    assertThat(
            List.of(
                status(a, token("flooded", "alice").sign()),
                status(b, token("flooded", "alice").sign())))
        .containsOnly(200);
    assertThat(List.of(status(a, old), status(b, old)))
        .as("its key is gone, and each has seen it")
        .containsOnly(401);
  }

  @Test
  void a_withdrawn_key_is_refused_within_the_age_of_keys_and_an_outage_survived_for_its_time()
      throws Exception {
    var young = "oidc-keys-age-max";
    var patient = cluster.start("patient", young, "1s", "oidc-outage-max", "1h");
    var hasty = cluster.start("hasty", young, "1s", "oidc-outage-max", "1s");
    var withdrawn = staff("alice");
    assertThat(List.of(status(patient, withdrawn), status(hasty, withdrawn))).containsOnly(200);

    provider.rotate("staff", "staff-2");
    var rotated = System.nanoTime();
    awaitStatus(patient, withdrawn, 401);
    awaitStatus(hasty, withdrawn, 401);
    say("a withdrawn key was refused on two instances", rotated);

    var token = staff("alice");
    assertThat(List.of(status(patient, token), status(hasty, token))).containsOnly(200);
    provider.goAway();
    var late = cluster.start("late");
    var gone = System.nanoTime();
    assertThat(late.server().ready()).as("it serves whom it can").isTrue();
    var away = awaitStatus(late, token, 503);
    assertThat(away.header("retry-after")).isNotNull();
    assertThat(away.header("www-authenticate")).isNull();
    assertThat(away.json().at("/error/message").asString())
        .isEqualTo("the identity provider does not answer");
    try (var nobody = new McpTestClient()) {
      assertThat(nobody.on(late).request("ping").status()).isEqualTo(401);
    }
    awaitStatus(hasty, token, 503);
    say("the last keys ceased to count", gone);
    assertThat(status(patient, token)).isEqualTo(200);
    patient.events().await(ServerEvent.IssuerAway.class);
    assertThat(status(patient, token("staff", "bob").sign())).isEqualTo(200);

    provider.comeBack();
    var back = System.nanoTime();
    awaitStatus(hasty, token, 200);
    awaitStatus(late, token, 200);
    say("both serve again", back);
  }

  private static void say(String what, long sinceNanos) {
    System.out.printf("%s after %d ms%n", what, (System.nanoTime() - sinceNanos) / 1_000_000);
  }

  private static Reply awaitStatus(Running instance, String token, int status) {
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    try (var client = alone(token)) {
      var reply = client.on(instance).call("whoami", "{}");
      while (reply.status() != status && System.nanoTime() - until < 0) {
        reply = client.on(instance).call("whoami", "{}");
      }
      assertThat(reply.status()).isEqualTo(status);
      return reply;
    }
  }

  @Test
  void a_provider_that_takes_connections_and_says_nothing_delays_only_who_needs_it()
      throws Exception {
    var known = token("silent", "alice").sign();
    assertThat(status(a, known)).isEqualTo(200);
    provider.fallSilent();
    provider.rotate("silent", "silent-2");
    try (var waiting = alone(token("silent", "alice").sign())) {
      var answer = new CompletableFuture<Integer>();
      Thread.startVirtualThread(() -> answer.complete(waiting.on(a).call("whoami", "{}").status()));
      for (var i = 0; i < 20; i++) {
        assertThat(status(a, known)).isEqualTo(200);
      }
      assertThat(answer.get()).as("it may be good").isEqualTo(503);
    } finally {
      provider.comeBack();
    }
  }

  @Test
  void streams_end_with_the_token_that_opened_them_and_go_on_with_the_next_one() throws Exception {
    // over in two seconds, by clocks that may be half a minute apart
    var brief = token("guests", "alice").expiring(Duration.ofSeconds(-28)).sign();
    try (var session = bearing(brief);
        var listener = alone(brief)) {
      session.on(a).connect(Trio.REVISION);
      var stream = session.on(b).get().sse();
      var listening = listener.on(a).listen("{'toolsListChanged':true}");
      var begun = System.nanoTime();

      stream.awaitEnd(Duration.ofSeconds(20));
      listening.awaitEnd(Duration.ofSeconds(20));
      say("streams of a token that had 2 s left ended", begun);
      assertThat(stream.failure()).as("a proper end").isNull();
      assertThat(listening.failure()).isNull();
      assertThat(session.on(b).get().status()).isEqualTo(401);
      assertThat(listener.on(a).listenAs("1", "{}").status()).isEqualTo(401);

      session.withHeader("Authorization", "Bearer " + token("guests", "alice").sign());
      assertThat(session.on(a).request("ping").status()).isEqualTo(200);
      assertThat(session.on(b).get().status()).isEqualTo(200);
    }
  }

  @Test
  void streams_end_when_the_issuer_withdraws_the_key_of_their_token() throws Exception {
    var young = cluster.start("young", "oidc-keys-age-max", "2s");
    try (var session = bearing(token("withdrawn", "alice").sign())) {
      session.on(young).connect(Trio.REVISION);
      var stream = session.on(young).get().sse();

      provider.rotate("withdrawn", "withdrawn-2");
      var begun = System.nanoTime();
      stream.awaitEnd(Duration.ofSeconds(20));
      say("a stream of a withdrawn key ended", begun);
      assertThat(stream.failure()).isNull();
      assertThat(session.on(young).get().status()).isEqualTo(401);
    }
  }

  @Test
  void tokens_of_a_file_and_of_an_issuer_stand_beside_each_other(@TempDir Path folder)
      throws Exception {
    var hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest("by hand".getBytes(StandardCharsets.UTF_8)));
    var file = Files.writeString(folder.resolve("tokens"), "robot " + hash);
    var d = cluster.start("d", "bearer-tokens-file", file.toString());

    assertThat(status(d, "by hand")).isEqualTo(200);
    assertThat(status(d, staff("alice"))).isEqualTo(200);
    try (var stranger = bearing("by foot")) {
      assertThat(stranger.on(d).request("ping").header("www-authenticate"))
          .isEqualTo(
              "Bearer error=\"invalid_token\", error_description=\"the token is not known\", "
                  + CHALLENGE);
    }
  }
}
