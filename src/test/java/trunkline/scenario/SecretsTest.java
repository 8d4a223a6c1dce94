package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.config.Logging;
import trunkline.testing.IdentityProvider;
import trunkline.testing.InstanceProcess;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TokenForge;

/// Goal: a log tells no secret: no bearer token, nothing of what a tool was told and said, no
/// answer of a user, and no id that is all an anonymous client has to show. Method: processes with
/// the product's own logging, at its most talkative, are told secrets and made to fail with them;
/// everything that they write is searched.
@Tag("cluster")
class SecretsTest {
  /// Part of every text that is planted, so that a part of it is found too.
  private static final String PLANTED = "pl4nt3d";

  private static final String TOKEN = PLANTED + "-token";

  /// The tests' own hides it.
  private static final List<String> PRODUCTS_LOGGING =
      List.of("-Xmx256m", "-Dslf4j.provider=trunkline.cli.LogProvider");

  private static final String AUDIENCE = "https://mcp.example/mcp";
  private static final String PROVIDER = "staff";

  private static final int LINES_MAX = 19_000;

  private final IdentityProvider provider = new IdentityProvider();
  private final List<String> secrets = new ArrayList<>(List.of(PLANTED));

  @AfterEach
  void end() {
    provider.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_secret_is_logged(Logging.Format format, TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var tokens = Files.writeString(folder.resolve("tokens"), "alice " + sha256(TOKEN));
    cluster
        .with("features", "spilling")
        .with("log-level", "trace")
        .with("log-format", format.name().toLowerCase(Locale.ROOT));
    var open = cluster.startProcess("open", PRODUCTS_LOGGING);
    var secret = Files.writeString(folder.resolve("secret"), PLANTED + "-client");
    var guarded =
        cluster.startProcess(
            "guarded",
            PRODUCTS_LOGGING,
            "bearer-tokens-file",
            tokens.toString(),
            "public-url",
            AUDIENCE,
            "oidc-issuer",
            provider.issuer(PROVIDER),
            "oidc-introspection-client",
            "server",
            "oidc-introspection-secret-file",
            secret.toString());

    try (var anonymous = new McpTestClient();
        var alice = new McpTestClient().withHeader("Authorization", "Bearer " + TOKEN)) {
      work(anonymous, open);
      work(alice, guarded);
      intrude(guarded);
      signIn(guarded);
      refuse(cluster, anonymous, open);
      refuse(cluster, alice, guarded);
      lose(cluster, anonymous, open);
    }

    for (var instance : List.of(open, guarded)) {
      assertThat(instance.text().lines().count()).isLessThan(LINES_MAX);
      assertThat(instance.text()).contains("session opened", "call failed", "a request failed");
      assertThat(instance.text().lines().filter(line -> secrets.stream().anyMatch(line::contains)))
          .isEmpty();
    }
  }

  /// What goes well, and what fails as it may.
  private void work(McpTestClient client, InstanceProcess instance) throws Exception {
    var on = client.on(instance);
    on.connect(Trio.REVISION, Trio.EVERYTHING);
    secrets.add(client.sessionId());
    client.answering(
        "elicitation/create",
        instance.url(),
        _ -> Json.of(json("{'action':'accept','content':{'name':'%s-name'}}", PLANTED)));

    for (var tool : List.of("keep", "ask", "break", "give_up")) {
      on.call(tool, told("text")).response();
    }
    for (var tool : List.of("keep", "break", "give_up")) {
      var begun =
          on.request(
              "tools/call", json("{'name':'%s','arguments':%s,'task':{}}", tool, told("task")));
      var task = begun.result().at("/task/taskId").asString();
      secrets.add(task);
      on.request("tasks/result", json("{'taskId':'%s'}", task)).response();
      on.request("tasks/cancel", json("{'taskId':'%s'}", task)).response();
    }
    misbehave(on);
  }

  private static void misbehave(McpTestClient.On on) throws Exception {
    on.call("keep", json("{'text':{'%s':1}}", PLANTED)).response();
    on.call("keep", json("{'%s':1}", PLANTED)).response();
    on.post("{\"jsonrpc\":\"2.0\",\"id\":1," + PLANTED);
    on.post(json("{'jsonrpc':'2.0','id':1,'method':7,'params':{'text':'%s'}}", PLANTED));
    on.post("\"" + PLANTED + "\"");
    on.notify("notifications/cancelled", json("{'requestId':5,'reason':'why','x':'%s'}", PLANTED));
    on.respond(Json.of("{\"id\":99}"), json("{'x':'%s'}", PLANTED));
    on.respondError(Json.of("{\"id\":99}"), 1, PLANTED);
    on.resume(PLANTED);
    on.post("{}", "Mcp-Session-Id", PLANTED);
    on.post("{}", "Authorization", "Basic " + PLANTED);
    on.raw("POST", PLANTED.getBytes(StandardCharsets.UTF_8), "Content-Length", "x" + PLANTED);
    on.raw("POST", new byte[0], "Transfer-Encoding", PLANTED);
  }

  private static void intrude(InstanceProcess guarded) {
    try (var stranger = new McpTestClient().withHeader("Authorization", "Bearer x" + TOKEN)) {
      assertThat(stranger.on(guarded).initialize(Trio.REVISION, "{}").status()).isEqualTo(401);
    }
  }

  /// With tokens that are good, bad, and looked up, and an identity provider that goes away.
  private void signIn(InstanceProcess guarded) {
    var good = provider.token(PROVIDER, AUDIENCE, "bob").claim("x", "'" + PLANTED + "'");
    List<String> tokens = new ArrayList<>(List.of(good.sign(), PLANTED + "-opaque"));
    tokens.add(good.claim("aud", "'" + PLANTED + "'").sign());
    tokens.add(good.claim("cnf", "{'jkt':'" + PLANTED + "'}").sign());
    tokens.add(provider.token(PROVIDER, AUDIENCE, "bob").sign(TokenForge.key("k")));
    tokens.add(provider.token(PROVIDER, AUDIENCE, "bob").header("kid", PLANTED).sign() + PLANTED);
    for (var token : tokens) {
      secrets.addAll(List.of(token.split("\\.", -1)));
      try (var client = new McpTestClient().withHeader("Authorization", "Bearer " + token)) {
        assertThat(client.on(guarded).initialize(Trio.REVISION, "{}").status())
            .isEqualTo(token.equals(tokens.getFirst()) ? 200 : 401);
        provider.goAway();
        assertThat(client.on(guarded).delete().status()).isLessThan(504);
        provider.comeBack();
      }
    }
  }

  /// The database quotes what it refuses.
  private static void refuse(TestCluster cluster, McpTestClient client, InstanceProcess instance)
      throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.session_values add constraint x check (false) not valid");
    db.sql("alter table trunkline.sessions add constraint x check (session_id = '') not valid");
    db.sql("alter table trunkline.tasks add constraint x check (false) not valid");
    try (var another = new McpTestClient()) {
      var on = client.on(instance);
      on.call("keep", told("refused")).response();
      on.request("tools/call", json("{'name':'keep','arguments':%s,'task':{}}", told("refused")))
          .response();
      var token = "Bearer " + TOKEN;
      var refused =
          another
              .withHeader("Authorization", token)
              .on(instance)
              .initialize(Trio.REVISION, json("{'experimental':{'%s':{}}}", PLANTED));
      assertThat(refused.status()).isEqualTo(500);
    } finally {
      db.sql("alter table trunkline.session_values drop constraint x");
      db.sql("alter table trunkline.sessions drop constraint x");
      db.sql("alter table trunkline.tasks drop constraint x");
    }
  }

  /// Connections break under it.
  private static void lose(TestCluster cluster, McpTestClient client, InstanceProcess instance)
      throws Exception {
    cluster.database().terminateBackends("trunkline-%");
    client.on(instance).call("keep", told("lost")).response();
  }

  private static String told(String what) {
    return json("{'text':'%s-%s'}", PLANTED, what);
  }

  private static String sha256(String token) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
