package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.access.Authenticator;
import trunkline.config.Refusal;
import trunkline.config.ServerConfig;
import trunkline.console.visitor.Forms;
import trunkline.feature.Scopes;
import trunkline.http.Pages;
import trunkline.jsonrpc.Codec;
import trunkline.seal.Seals;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: who may look looks, who may act acts, and nobody else does either, on whichever instance.
/// Method: two instances with `--console` and API keys.
@Tag("cluster")
class ConsoleAccessTest {
  private final TestDatabase db;

  ConsoleAccessTest(TestDatabase db) {
    this.db = db;
  }

  private String key(String scopes) {
    return db.sql("select trunkline.issue_key('ada', string_to_array(?, ' '))", scopes).text();
  }

  private TestCluster guarded(TestCluster cluster) {
    return cluster.with("console", "true").with("api-keys", "true");
  }

  /// Each with its scopes, and the status of a page, of an act's page, and of an act.
  static Stream<Arguments> everybody() {
    return Stream.of(
        Arguments.of("nobody", "", 303, 303, 303),
        Arguments.of("a key without a scope", "tea", 303, 303, 303),
        Arguments.of("a viewer", "trunkline.view", 200, 403, 403),
        Arguments.of("an operator", "trunkline.operate", 200, 200, 200),
        Arguments.of("both", "trunkline.view trunkline.operate", 200, 200, 200));
  }

  private List<String> pages() {
    try (var all = ConsoleServer.on(db.settings())) {
      return all.pages(List.of(800_000_000L));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everybody")
  void each_sees_and_does_what_its_scopes_say(
      String who, String scopes, int looks, int opens, int acts, TestCluster cluster)
      throws Exception {
    var first = guarded(cluster).start("a");
    var a = first.url();
    var b = cluster.start("b").url();
    try (var browser = new Browser()) {
      if (!scopes.isEmpty()) {
        var answer = browser.login(a, key(scopes));
        assertThat(answer.status()).as(answer.text()).isEqualTo(looks == 200 ? 303 : 403);
      }
      for (var page : pages()) {
        var shown = browser.get(b, page); // the cookie is good on any instance
        var there = page.matches("sessions/[0-9]+|instances/900000000|nowhere") ? 404 : looks;
        var seen = page.endsWith("/messages") ? 403 : there;
        var due = page.startsWith("acts/") ? opens : seen;
        assertThat(shown.status()).as(page).isEqualTo(looks == 200 ? due : looks);
      }
      for (var act : Acts.ALL) {
        if (acts != 200) {
          var refused = browser.post(b, "acts/" + act.word(), Map.of("token", "none"));
          assertThat(refused.status()).as(act.word()).isEqualTo(acts);
        }
      }
      var token = opens == 200 ? browser.get(a, "acts/broadcast").token() : "";

      var done =
          browser.post(
              b, "acts/drain", Map.of("token", token, "instance", String.valueOf(first.id())));

      assertThat(done.status()).as(done.text()).isEqualTo(acts);
      assertThat(
              db.sql(
                      "select count(drain_wanted_at) from trunkline.instances where instance_id = ?",
                      first.id())
                  .number())
          .isEqualTo(acts == 200 ? 1 : 0);
    }
    cluster.close();
  }

  /// What messages say is for who may see it besides what else there is, and where that is wanted.
  @ParameterizedTest
  @CsvSource({
    "trunkline.view trunkline.payloads, true, 200",
    "trunkline.operate trunkline.payloads, true, 200",
    "trunkline.view trunkline.operate, true, 403",
    "trunkline.view trunkline.payloads, false, 403"
  })
  void messages_are_read_by_who_has_a_scope_for_that(
      String scopes, boolean wanted, int status, TestCluster cluster) throws Exception {
    guarded(cluster).with("console-payloads", String.valueOf(wanted));
    var a = cluster.start("a").url();
    var b = cluster.start("b").url();
    try (var browser = new Browser();
        var client = new McpTestClient().withHeader("Authorization", "Bearer " + key("tea"))) {
      client.on(a).connect("2025-11-25");
      var session = db.sql("select max(session_key) from trunkline.sessions").number();
      db.sql(
          "select trunkline.send(session_id, '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}') from trunkline.sessions");
      assertThat(client.on(b).get().sse().nextMessage().toString()).contains("notifications/x");
      browser.login(a, key(scopes));

      var life = browser.get(b, "sessions/" + session);
      var said = browser.get(b, "sessions/" + session + "/messages");

      assertThat(said.status()).isEqualTo(status);
      assertThat(said.text().contains("notifications/x")).isEqualTo(status == 200);
      assertThat(life.text().contains("What its messages say")).isEqualTo(status == 200);
      assertThat(life.text()).contains("1 of its messages kept").doesNotContain("notifications/x");
    }
    cluster.close();
  }

  @Test
  void who_may_read_messages_may_not_look_for_that_alone(TestCluster cluster) throws Exception {
    var a = guarded(cluster).with("console-payloads", "true").start("a").url();
    try (var browser = new Browser()) {
      assertThat(browser.login(a, key("trunkline.payloads")).status()).isEqualTo(403);
      assertThat(browser.get(a, "sessions/1/messages").status()).isEqualTo(303);
    }
    cluster.close();
  }

  @Test
  void a_cookie_is_good_for_as_long_as_its_key_and_says_nothing(TestCluster cluster)
      throws Exception {
    var a = guarded(cluster).start("a").url();
    try (var browser = new Browser()) {
      var key = key("trunkline.view");
      var set = browser.login(a, key).header("Set-Cookie").orElseThrow();
      assertThat(set)
          .contains("HttpOnly", "SameSite=Strict", "Path=/console")
          .doesNotContain(key, "Secure");
      assertThat(browser.get(a, "").status()).isEqualTo(200);

      db.sql("select trunkline.revoke_key(max(key_id)) from trunkline.api_keys");

      Browser.Shown shown;
      do {
        shown = browser.get(a, "");
      } while (shown.status() == 200); // within a second
      assertThat(shown.header("Location")).hasValue("/console/login");
    }
    cluster.close();
  }

  /// A page elsewhere knows neither the token nor where we are.
  @Test
  void a_form_of_another_page_does_nothing(TestCluster cluster) throws Exception {
    var a = guarded(cluster).start("a").url();
    try (var browser = new Browser();
        var other = new Browser()) {
      browser.login(a, key("trunkline.operate"));
      other.login(a, db.sql("select trunkline.issue_key('eve', '{trunkline.operate}')").text());
      var page = browser.get(a, "acts/switch");
      var form = Map.of("token", page.token(), "kind", "tool", "name", "say", "enabled", "false");

      assertThat(status(browser, a, form, "http://evil.example")).isEqualTo(403);
      assertThat(status(browser, a, form, "http://127.0.0.1:1")).as("another port").isEqualTo(403);
      assertThat(status(browser, a, form, "")).as("no origin").isEqualTo(403);
      assertThat(status(browser, a, without(form, "token"), Browser.root(a))).isEqualTo(403);
      assertThat(status(other, a, form, Browser.root(a))).as("another's token").isEqualTo(403);
      assertThat(browser.get(a, "acts/switch?kind=tool&name=say&enabled=false").status())
          .isEqualTo(200);
      assertThat(db.sql("select count(*) from trunkline.catalog_switches").number()).isZero();

      assertThat(status(browser, a, form, Browser.root(a))).isEqualTo(200);
      assertThat(db.sql("select count(*) from trunkline.catalog_switches").number()).isOne();
    }
    cluster.close();
  }

  private static int status(Browser browser, URI url, Map<String, String> form, String origin)
      throws IOException, InterruptedException {
    return browser.post(url, "acts/switch", form, origin).status();
  }

  private static Map<String, String> without(Map<String, String> form, String field) {
    var rest = new HashMap<>(form);
    rest.remove(field);
    return rest;
  }

  @Test
  void a_key_that_is_refused_is_a_denial_and_a_good_one_goes_by_tls_alone() throws Exception {
    var denied = new ArrayList<String>();
    try (var database = new Database(new Connections(db.settings()), "trunkline-test-seals")) {
      var seals = new Seals(database, _ -> {});
      Authenticator authenticator =
          credentials ->
              credentials.header().apply("authorization").filter("Bearer good"::equals).isPresent()
                  ? known("trunkline.view")
                  : credentials
                          .header()
                          .apply("authorization")
                          .filter("Bearer far"::equals)
                          .isPresent()
                      ? new Authenticator.Verdict.Unavailable("the provider is away")
                      : new Authenticator.Verdict.Unknown("no", "Bearer");
      var console =
          Console.guarded(
              new Console.Place(
                  new Connections(db.settings()), () -> new InstanceId(1), seals, false),
              authenticator,
              (peer, kind, method, status) -> denied.add(kind + " " + method + " " + status),
              false); // a proxy before it ends TLS, as the browser's origin says
      var token = new Forms(seals).token(LoginScreen.WORD);

      assertThat(console.page(login(token, "bad")).status()).isEqualTo(403);
      assertThat(console.page(login(token, "two words")).status()).isEqualTo(403);
      assertThat(denied).containsExactly("bearer POST 403", "bearer POST 403");

      assertThat(console.page(login(token, "far")).status()).as("nobody can say").isEqualTo(503);
      assertThat(denied).hasSize(2);

      var welcome = console.page(login(token, "good"));
      assertThat(welcome.status()).isEqualTo(303);
      assertThat(welcome.headers().get("Set-Cookie")).endsWith("; Secure").doesNotContain("good");
      assertThat(denied).hasSize(2);
    }
  }

  private static Authenticator.Verdict known(String scope) {
    return new Authenticator.Verdict.Known(
        new Principal("ada"),
        Codec.object(),
        new Credential("1", Scopes.of(List.of(scope)), null),
        Authenticator.Standing.LASTING);
  }

  private static Pages.Visit login(String token, String key) {
    var headers = Map.of("Origin", "https://here.example", "Host", "here.example");
    return new Pages.Visit(
        "POST",
        "/console/login",
        Map.of(),
        name -> Optional.ofNullable(headers.get(name)).stream().toList(),
        InetAddress.getLoopbackAddress(),
        Map.of("token", token, "key", key));
  }

  @Test
  void without_the_option_there_is_none(TestCluster cluster) throws Exception {
    var a = cluster.start("a").url();
    try (var browser = new Browser()) {
      assertThat(browser.get(a, "").status()).isEqualTo(404);
    }
    cluster.close();
  }

  @Test
  void where_there_is_none_it_shows_no_messages(TestCluster cluster) {
    assertThatThrownBy(() -> cluster.with("console-payloads", "true").start("a"))
        .hasStackTraceContaining("--console-payloads needs a console: --console");
  }

  @Test
  void who_knows_nobody_cannot_have_one() {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("console", "true")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("console needs to know who looks");
  }
}
