package trunkline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: who looks sees what happened, in a real browser, by day and night, on a phone and without
/// scripts. Method: the README's session played on two instances of which one is killed, and its
/// pages read.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 6, unit = TimeUnit.MINUTES) // a page takes a second, and a busy machine longer
class ConsoleInBrowserTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path PICTURES = Path.of("target", "console");
  private static final int DESK = 1200;
  private static final int PHONE = 360;

  private static final String OVERFLOW =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  /// A day of two instances that are busy by day, less so by night, and once for two minutes slow.
  private static final String LATELY =
      """
      insert into trunkline.instance_minutes
      select date_trunc('minute', clock_timestamp(), 'UTC') - g * interval '1 minute', i, 1, 10 * n, n / 7, 30000 * n, 3 * n, 3 * n,
             array[n, 2 * n, 3 * n, 2 * n, n, case when g between 20 and 21 then 8 * n else n / 2 end, n / 3,
                   case when g between 20 and 21 then 4 * n else 0 end, 0, 0, 0, 0]
        from generate_series(1, 1440) g, generate_series(1, 2) i,
             lateral (select 100 + (80 * cos(g / 230.0))::int + (37 * g * i) % 23 as n) busy
          on conflict do nothing
      """;

  private final TestCluster cluster;
  private final TestDatabase db;
  private final McpTestClient diner = new McpTestClient();
  private final McpTestClient listener = new McpTestClient();
  private TestCluster.Instance two;
  private long session;
  private ConsoleServer console;
  private Chromium chromium;

  ConsoleInBrowserTest(TestCluster cluster) {
    var _ = Chromium.program(); // before any instance is started in vain
    this.cluster = cluster;
    this.db = cluster.database();
  }

  @BeforeAll
  void play() throws InterruptedException {
    cluster.with("lease", "2s");
    var one = cluster.start("one");
    two = cluster.start("two");
    console = ConsoleServer.on(db.settings(), true);
    diner.on(one).connect("2025-11-25", "{\"elicitation\":{}}");
    session = db.sql("select session_key from trunkline.sessions").number();
    var call = diner.on(one).call("order_pizza", json("{'guests':4}")).sse();
    var question = call.nextMessageEvent(PATIENCE);
    var _ =
        diner
            .on(two)
            .respond(
                question.message(),
                json("{'action':'accept','content':{'size':'LARGE','toppings':['OLIVES']}}"));
    var _ = call.nextResponse();
    one.kill();
    var _ = diner.on(two).resume(question.requireId()).sse().nextResponse();
    listener.on(two).connect("2025-11-25", "{\"elicitation\":{}}");
    var _ = listener.on(two).get().sse();
    var _ = listener.on(two).call("order_pizza", json("{'guests':2}")).sse().nextMessage();
    db.await("exists (select from trunkline.instance_directory where state = 'dead')", PATIENCE);
    db.sql(LATELY);
    chromium = Chromium.start();
  }

  @AfterAll
  void end() {
    Stream.<AutoCloseable>of(chromium, console, diner, listener, cluster)
        .filter(Objects::nonNull)
        .forEach(ConsoleInBrowserTest::close);
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// No page says anything to the browser's console, and none asks anybody else.
  @AfterEach
  void nothing_is_complained_of() {
    assertThat(chromium.complaints()).isEmpty();
  }

  private Page open(String path, int width, ColorScheme scheme) {
    var page = chromium.window(width, scheme, true);
    page.navigate(console.at(path).toString());
    return page;
  }

  /// What has an address of its own to a person. Of the acts, which are one template, those with
  /// the most and the least to fill in.
  private List<String> pages() {
    return shown(console, List.of(session));
  }

  private static List<String> shown(ConsoleServer server, List<Long> sessions) {
    return server.pages(sessions).stream()
        .filter(page -> !page.matches("(.*/)?now|charts"))
        .filter(page -> !page.startsWith("acts/") || page.matches("acts/(switch|rotate-seal-key)"))
        .toList();
  }

  @Test
  void one_session_s_time_line_tells_its_life() {
    try (var page = open("sessions", DESK, ColorScheme.LIGHT)) {
      page.locator("th a").last().click();
      assertThat(page).hasURL(console.at("sessions/" + session).toString());
      var told = new ArrayList<String>();
      for (var row : page.locator("table.events tbody tr").all()) {
        told.add(
            String.join(
                " | ",
                row.locator("td").allInnerTexts().subList(0, 2).stream()
                    .map(ConsoleInBrowserTest::withoutTimes)
                    .toList()));
      }

      assertThat(told)
          .containsExactly(
              " | initialized 2025-11-25",
              "instance 1 | tools/call",
              "instance 1 | elicitation/create asked",
              "instance 2 | elicitation/create answered after …",
              "instance 1 | tools/call answered after …",
              "instance 1 | instance 1 gone dead; its last beat was then",
              "instance 2 | stream of a call resumed 2 of its messages kept, 2 delivered; by reader 2; those before are not kept",
              "instance 2 | stream of a call closed ended");
    }
  }

  private static String withoutTimes(String cell) {
    return cell.strip().replaceAll("after .*", "after …");
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1200", "DARK, 360"})
  void whoever_reads_by_other_means_can(ColorScheme scheme, int width) {
    for (var path : pages()) {
      try (var page = open(path, width, scheme)) {
        settled(page, path);

        var found = new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
        assertThat(
                found.stream()
                    .map(rule ->
                        rule.getId()
                            + ": "
                            + rule.getNodes().stream()
                                .limit(3)
                                .map(node -> node.getHtml() + node.getFailureSummary())
                                .toList())
                    .toList())
            .as(path + " " + width)
            .isEmpty();
      }
    }
  }

  /// What the overview brings in afterwards is there.
  private static void settled(Page page, String path) {
    if (path.isEmpty()) {
      assertThat(page.getByText("checks find nothing to say")).isVisible();
    }
  }

  @Test
  void on_a_phone_only_tables_are_wider_than_the_page() {
    for (var path : pages()) {
      try (var page = open(path, PHONE, ColorScheme.LIGHT)) {
        settled(page, path);

        assertThat(page.evaluate(OVERFLOW)).as(path).isEqualTo(0);
      }
    }
  }

  @Test
  void figures_change_by_themselves() throws InterruptedException {
    try (var page = open("", DESK, ColorScheme.LIGHT);
        var client = new McpTestClient()) {
      var sessions = page.locator(".figures div:first-child dd").first();
      assertThat(sessions).containsText("2living");

      client.on(two).connect("2025-06-18");

      assertThat(sessions).containsText("3living");
      assertThat(client.on(two).delete().status()).isBetween(200, 204);
      assertThat(sessions).containsText("2living");
    }
  }

  @Test
  void hostile_names_do_nothing_and_make_no_page_wide() {
    try (var hostile = TestDatabase.create();
        var server = ConsoleServer.on(hostile.settings())) {
      for (var path : shown(server, HostileRows.into(hostile).subList(0, 3))) {
        try (var page = chromium.window(PHONE, ColorScheme.DARK, true)) {
          page.navigate(server.at(path).toString());

          assertThat(page.evaluate("document.querySelectorAll('script, img').length"))
              .as(path)
              .isEqualTo(1);
          assertThat(page.evaluate(OVERFLOW)).as(path).isEqualTo(0);
        }
      }
    }
  }

  /// What its functions record, each in its row; what only sends is in the outbox.
  @Test
  void each_act_is_done_by_clicking_and_seen_in_the_database() {
    try (var other = TestDatabase.create();
        var server = ConsoleServer.on(other.settings())) {
      var instance =
          other.sql(
              "insert into trunkline.instances (lease_until, url, version, steerable) values (now() + interval '1 hour', 'http://a', '1', true) returning instance_id");
      var examples = ActExamples.in(other, (int) instance.number());
      try (var page = chromium.window(DESK, ColorScheme.LIGHT, true)) {
        for (var act : Acts.ALL) {
          page.navigate(server.at("acts/" + act.word()).toString());
          for (var filled : ActExamples.of(act, examples).entrySet()) {
            var field = page.locator("[name=" + filled.getKey() + "]");
            if (field.evaluate("it => it.tagName").equals("SELECT")) {
              field.selectOption(filled.getValue());
            } else {
              field.fill(filled.getValue());
            }
          }
          page.locator("form.act button").click();

          page.waitForLoadState();
          assertThat(page.locator("main").innerText()).as(act.word()).contains("It was done");
        }
      }

      assertThat(other.sql("select distinct action from trunkline.operator_actions").column())
          .contains(
              "drain",
              "undrain",
              "end_session",
              "cancel_task",
              "void_question",
              "set_enabled",
              "rotate_seal_key",
              "issue_key",
              "revoke_key",
              "purge");
      assertThat(other.sql("select distinct kind from trunkline.outbox").column())
          .contains("end_session", "broadcast", "tools_changed");
    }
  }

  @Test
  void without_scripts_all_is_there_after_a_reload() {
    try (var page = chromium.window(DESK, ColorScheme.LIGHT, false)) {
      for (var path : pages()) {
        page.navigate(console.at(path).toString());
        assertThat(page.locator("body")).not().isEmpty();
      }
      page.navigate(console.at("").toString());
      page.getByText("All that ./trunkline doctor would say").click();
      assertThat(page.locator("#findings")).isVisible();
      page.reload();
      assertThat(page.locator("#findings")).isVisible();
    }
  }

  @Test
  void the_keyboard_is_enough() {
    try (var page = open("sessions", DESK, ColorScheme.LIGHT)) {
      page.keyboard().press("Tab");
      assertThat(page.locator(".skip")).isFocused();
      page.keyboard().press("Enter");
      page.keyboard().press("Tab");
      assertThat(page.locator("input[name=session]")).isFocused();
      page.keyboard().type(Long.toString(session));
      page.keyboard().press("Enter");
      assertThat(page).hasURL(console.at("sessions/" + session).toString());
    }
  }

  @Test
  void pictures_are_taken() {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (var width : List.of(DESK, PHONE)) {
        picture("overview", "", width, scheme);
        picture("sessions", "sessions", width, scheme);
        picture("session", "sessions/" + session, width, scheme);
      }
    }
  }

  private void picture(String name, String path, int width, ColorScheme scheme) {
    try (var page = open(path, width, scheme)) {
      settled(page, path);
      var file = name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
      var bytes =
          page.screenshot(
              new Page.ScreenshotOptions().setPath(PICTURES.resolve(file)).setFullPage(true));

      assertThat(bytes).isNotEmpty();
    }
  }
}
