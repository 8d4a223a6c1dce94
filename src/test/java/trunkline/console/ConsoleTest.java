package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.store.Connections;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseSettings;
import trunkline.store.SqlText;
import trunkline.testing.Reply;
import trunkline.testing.TestDatabase;

/// What a browser gets, and what it does not.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {
  private static final Pattern OLDER = Pattern.compile("href=\"/console/([^\"]*)\" rel=\"next\"");
  private static final Pattern LISTED = Pattern.compile("href=\"/console/sessions/([0-9]+)\"");

  private static final SqlText WRITE =
      SqlText.of("-- test.write\nDELETE FROM trunkline.session_values");

  private static final SqlText READ_ONLY =
      SqlText.of("-- test.read_only\nSELECT current_setting('transaction_read_only')");

  private static final SqlText BACKEND =
      SqlText.of("-- test.backend\nSELECT pg_backend_pid() AS backend");

  private final TestDatabase db;
  private ConsoleServer console;

  ConsoleTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeAll
  void start() {
    console = ConsoleServer.on(db.settings());
    sessions("pager", 51);
    sessions("other", 1);
  }

  @AfterAll
  void end() {
    console.close();
  }

  private void sessions(String principal, int number) {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
        select md5(?::text || n), '2025-11-25', ?, 0, '{}', '{"name":"' || ? || '-client","version":"' || n || '"}' from generate_series(1, ?) n
        """,
        principal,
        principal,
        principal,
        number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "doctor", "sessions", "sessions/1", "nowhere"})
  void no_page_runs_what_is_not_ours_is_framed_or_kept(String path) {
    var page = console.get(path);

    assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe-inline", "unsafe-eval");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.header("referrer-policy")).isEqualTo("same-origin");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(page.body()).doesNotContain("style=\"", "onclick").doesNotContain("http://");
  }

  @ParameterizedTest
  @CsvSource({
    "console.css, text/css; charset=utf-8",
    "pico.css, text/css; charset=utf-8",
    "htmx.js, text/javascript; charset=utf-8"
  })
  void what_a_page_is_made_with_comes_from_here(String name, String type) {
    var asset = console.get(name);

    assertThat(asset.status()).isEqualTo(200);
    assertThat(asset.header("content-type")).isEqualTo(type);
    assertThat(asset.header("cache-control")).startsWith("public");
  }

  @Test
  void the_console_is_also_there_without_the_slash() {
    assertThat(console.get("../console").status()).isEqualTo(200);
  }

  @Test
  void an_act_is_none() {
    var refused =
        console.ask("POST", "sessions", "a=b", "Content-Type", "application/x-www-form-urlencoded");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    assertThat(refused.body()).contains("only acts are sent");
  }

  @ParameterizedTest
  @CsvSource({
    "'?span=week', span takes hour or day",
    "'charts?span=week', span takes hour or day",
    "'streams?instance=x', 'instance takes the number of an instance, of up to 9 digits'",
    "'streams?instance=9999999999', 'instance takes the number of an instance, of up to 9 digits'",
    "'calls?before=-1', before takes a number of up to 18 digits",
    "'sessions?before=newest', before takes a number of up to 18 digits",
    "'sessions?state=alive', state takes living or ended",
    "'sessions?age=old', age takes hour or day or week"
  })
  void what_cannot_be_meant_is_said_and_not_passed_over(String path, String says) {
    var page = console.get(path);

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body()).contains("Not understood").contains(says);
  }

  @Test
  void only_the_head_of_a_page_is_sent_where_that_is_asked_for() {
    var head = console.ask("HEAD", "sessions", "");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nowhere",
        "sessions/9",
        "sessions/x",
        "sessions/-1",
        "sessions/1/x",
        "sessions/99999999999999999999",
        "sessions?session=00000000000000000000000000000000",
        "sessions?session=x'"
      })
  void what_is_not_there_is_a_page_that_says_so(String path) {
    var page = console.get(path.equals("sessions/9") ? "sessions/900000000" : path);

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.body()).contains("<h1>Not here</h1>");
  }

  @Test
  void another_name_than_this_machine_s_is_not_served() {
    assertThat(console.get("", "Host", "evil.example").status()).isEqualTo(421);
    assertThat(console.get("", "Origin", "https://evil.example").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, 192.0.2.1",
    "X-Forwarded-For, 127.0.0.1",
    "x-forwarded-host, a.example",
    "X-Real-IP, 192.0.2.1",
    "Forwarded, for=192.0.2.1",
    "Via, 1.1 proxy"
  })
  void who_comes_by_a_proxy_is_somebody_else(String name, String value) {
    var refused = console.get("", name, value);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("this machine only").doesNotContain("<h2>");
  }

  @Test
  void who_comes_by_two_proxies_is_somebody_else() {
    var refused = console.get("", "X-Forwarded-For", "127.0.0.1\r\nX-Forwarded-For: 127.0.0.1");

    assertThat(refused.status()).isEqualTo(403);
  }

  @Test
  void whether_a_client_listens_and_what_waits_for_it_is_said() {
    sessions("deaf", 1);
    var session =
        db.sql("select session_key from trunkline.sessions where principal = 'deaf'").number();
    var page = "sessions/" + session;
    assertThat(console.get(page).body()).contains("never yet", "it has got all");

    db.sql(
        "insert into trunkline.streams (session_key, standalone, holder_instance, opened_at) values (?, true, 3, now())",
        session);
    db.sql(
        """
        insert into trunkline.outbound_messages (stream_id, event_id, slot, payload, created_at)
        select stream_id, n, 0, '{}', now() - interval '90 seconds' from trunkline.streams, generate_series(1, 2) n where session_key = ?
        """,
        session);
    assertThat(console.get(page).body())
        .contains("on instance 3")
        .containsPattern("<dd>2<small>unread, the oldest for 1 min [3-5]\\d s");
    assertThat(console.get("sessions?principal=deaf").body()).contains("instance 3");

    db.sql(
        "update trunkline.streams set holder_instance = null, closed_at = now(), close_reason = 'drained', position_own = 1 where session_key = ?",
        session);
    assertThat(console.get(page).body()).contains("not now", ": drained", "<dd>1<small>unread");
    assertThat(console.get("sessions?principal=deaf").body()).contains("nobody listens");
  }

  /// What can no longer be asked for is not kept, though it may stand in its slot for a while.
  @Test
  void what_is_kept_for_a_session_is_counted_by_stream() {
    sessions("kept", 1);
    var session =
        db.sql("select session_key from trunkline.sessions where principal = 'kept'").number();
    var page = "sessions/" + session;
    db.sql("insert into trunkline.streams (session_key, standalone) values (?, true)", session);
    messages(session, 10, 11);
    assertThat(console.get(page).body())
        .contains("which its client has not opened yet: 2 of its messages kept, 0 delivered.");

    changed(session, "opened_at = now(), holder_epoch = 1, position_own = 10");
    assertThat(console.get(page).body()).contains("2 of its messages kept, 1 delivered");

    changed(session, "trimmed_through = 10");
    assertThat(console.get(page).body()).contains("1 of its messages kept, 0 delivered");
    try (var open = ConsoleServer.on(db.settings(), true)) {
      assertThat(open.get(page + "/messages").body())
          .contains("Message 11 of stream")
          .doesNotContain("Message 10 of stream");
      assertThat(open.get("sessions/900000000/messages").status()).isEqualTo(404);
    }

    messages(session, 12, 1011);
    assertThat(console.get(page).body()).contains("more than 1,000 of its messages kept");
  }

  private void messages(long session, int from, int to) {
    db.sql(
        """
        insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
        select stream_id, n, 0, '{}' from trunkline.streams, generate_series(?, ?) n where session_key = ?
        """,
        from,
        to,
        session);
  }

  private void changed(long session, String what) {
    db.sql("update trunkline.streams set " + what + " where session_key = ?", session);
  }

  @Test
  void what_one_instance_has_is_listed_by_itself() {
    db.sql(
        """
        insert into trunkline.streams (session_key, standalone, holder_instance, opened_at)
        select 900000 + n, true, 40 + n % 2, now() from generate_series(1, 4) n
        """);

    var listed = console.get("streams?instance=41").body();
    assertThat(listed)
        .contains("Of instance 41", "sessions/900001", "sessions/900003", "calls?instance=41")
        .doesNotContain("sessions/900002", "sessions/900004");
    assertThat(console.get("streams?instance=").body()).contains("sessions/900002");
    assertThat(console.get("calls?instance=41").status()).isEqualTo(200);
    assertThat(console.get("questions?instance=41").status()).isEqualTo(200);
  }

  @Test
  void of_an_instance_only_what_applies_is_offered_and_drained_is_not_draining() {
    db.sql(
        """
        insert into trunkline.instances (instance_id, lease_until, url, version, drain_wanted_at, draining_at, drained_at) overriding system value
        values (51, now() + interval '1 hour', 'http://a', '1', null, null, null),
               (52, now() + interval '1 hour', 'http://b', '1', now(), now(), null),
               (53, now() + interval '1 hour', 'http://c', '1', now(), now(), now())
        """);

    var listed = console.get("instances").body();
    assertThat(listed)
        .contains("acts/drain?instance=51", "acts/undrain?instance=52", "acts/undrain?instance=53")
        .doesNotContain("acts/undrain?instance=51", "acts/drain?instance=52")
        .contains("drained", "draining");
    assertThat(console.get("acts/drain?instance=51").body())
        .contains(
            "instance 51 (ready), which holds 0 streams and runs 0 calls; 0 others are ready");
    db.sql("delete from trunkline.instances where instance_id in (51, 52, 53)");
  }

  /// The last minutes of two instances, and what is asked for is the span that is shown.
  @Test
  void what_was_done_lately_is_drawn() {
    try (var console = ConsoleServer.on(db.settings())) { // nobody has looked there yet
      drawn(console);
    }
  }

  private void drawn(ConsoleServer console) {
    db.sql(
        """
        insert into trunkline.instance_minutes
        select date_trunc('minute', clock_timestamp(), 'UTC') - g * interval '1 minute', i, 1, 60, 6, 120000, 0, 30, '{0,60,0,0,0,0,0,0,0,0,0,0}'
          from generate_series(0, 3) g, generate_series(1, 2) i
        """);

    var hour = console.get("?span=hour").body();
    assertThat(hour)
        .contains("Requests over the last hour: all now 2.0, at most 2.0 a second")
        .contains("failed now 0.2")
        .contains("Messages over the last hour: delivered now 1.0")
        .contains("half of them now 1.5, at most 1.5 ms");
    assertThat(console.get("charts?span=day").body())
        .contains("Requests over the last day: all now ")
        .doesNotContain("<html");
    assertThat(console.get("").body()).contains("over the last hour");
  }

  @Test
  void an_instance_has_a_page_with_what_it_does_and_did() {
    db.sql(
        """
        with a as (insert into trunkline.instances (instance_id, lease_until, url, version, drain_wanted_at, draining_at, streams_held) overriding system value
                   values (61, now() + interval '1 hour', 'http://sixty-one', '1', now(), now(), 7),
                          (62, now() + interval '1 hour', 'http://sixty-two', '1', null, null, 0))
        insert into trunkline.instance_minutes
        select date_trunc('minute', clock_timestamp(), 'UTC') - interval '1 minute', i, 1, 60 * (i - 60), 0, 1, 0, 0, '{0,60,0,0,0,0,0,0,0,0,0,0}'
          from generate_series(61, 62) i
        """);

    var drains = console.get("instances/61").body();
    assertThat(drains)
        .contains(
            "Instance 61",
            "http://sixty-one",
            "<dd>draining</dd>",
            "7 streams and 0 calls are left")
        .contains("Requests over the last hour: all now 1.0")
        .contains("/console/instances/61?span=day", "calls?instance=61", "Undrain it")
        .doesNotContain("Drain it", "sixty-two");
    assertThat(console.get("instances/62?span=day").body())
        .contains("<dd>ready</dd>", "Drain it", "over the last day")
        .doesNotContain("are left", "Undrain it");

    db.sql("update trunkline.instances set drained_at = now() where instance_id = 61");
    assertThat(console.get("instances/61/now").body())
        .contains("<dd>drained</dd>", "Nothing is left since")
        .doesNotContain("<html");
    db.sql("update trunkline.instances set dead_at = now() where instance_id = 61");
    assertThat(console.get("instances/61").body())
        .contains("<dd>dead</dd>")
        .doesNotContain("Undrain it", "hx-get");
    assertThat(console.get("instances/63").body()).contains("there is no instance 63");
    assertThat(console.get("instances/x").body()).contains("named by its number");
  }

  @Test
  void a_list_goes_on_where_it_ended() {
    var first = console.get("sessions?principal=pager&client=PAGER-c&state=living");
    var next = OLDER.matcher(first.body());

    assertThat(next.find()).as(first.body()).isTrue();
    var second = console.get(next.group(1).replace("&amp;", "&"));
    var all = new ArrayList<>(keys(first));
    all.addAll(keys(second));

    assertThat(keys(first)).hasSize(SessionListRows.ROWS_MAX);
    assertThat(keys(second)).hasSize(1);
    assertThat(all).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(OLDER.matcher(second.body()).find()).isFalse();
  }

  @Test
  void a_list_is_of_what_is_asked_for() {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, ended_at, end_reason)
        values (md5('over'), '2025-11-25', 'gone & away', 0, '{}', '{"name":"a \\"b\\""}', now(), 'idle')
        """);

    assertThat(keys(console.get("sessions?principal=other"))).hasSize(1);
    assertThat(keys(console.get("sessions?client=other-client"))).hasSize(1);
    assertThat(console.get("sessions?client=other-client").body()).contains("other-client 1");
    assertThat(keys(console.get("sessions?state=ended"))).hasSize(1);
    assertThat(keys(console.get("sessions?principal=gone+%26+away"))).hasSize(1);
    assertThat(keys(console.get("sessions?principal=nobody"))).isEmpty();
    assertThat(console.get("sessions?principal=nobody").body()).contains("None of them");
  }

  @Test
  void a_session_is_found_by_its_id_and_by_its_key() {
    var key =
        db.sql("select session_key from trunkline.sessions where principal = 'other'").number();
    var id = db.sql("select session_id from trunkline.sessions where principal = 'other'").text();

    for (var asked : List.of(id, " " + key + " ")) {
      var found = console.get("sessions?session=" + asked.replace(" ", "+"));

      assertThat(found.status()).isEqualTo(303);
      assertThat(found.header("location")).isEqualTo("/console/sessions/" + key);
    }
    assertThat(console.get("sessions/" + key).body()).contains("other-client 1");
  }

  @Test
  void a_text_that_no_database_takes_is_no_defect() {
    assertThat(console.get("sessions?principal=a%00b").status()).isEqualTo(200);
  }

  @Test
  void without_a_database_each_page_says_so() {
    var settings = db.settings();
    var nowhere = "jdbc:postgresql://127.0.0.1:1/nowhere";
    try (var alone =
        ConsoleServer.on(
            DatabaseSettings.of(
                nowhere, nowhere, settings.user(), settings.password(), settings.poolSize()))) {
      for (var path : List.of("", "now", "sessions", "sessions/1")) {
        var page = alone.get(path);

        assertThat(page.status()).as(path).isEqualTo(503);
        assertThat(page.body())
            .as(path)
            .contains("role=\"alert\"")
            .doesNotContain("Exception", "at trunkline", "SELECT");
      }
      assertThat(alone.get("doctor").body()).contains("verdict fault", "database");
    }
  }

  @Test
  void nothing_is_written() throws InterruptedException {
    var line = new ConsoleLine(new Connections(db.settings()));

    assertThat(
            line.<String>read(sql -> String.valueOf(sql.text(READ_ONLY).rows().getFirst().get(0))))
        .isEqualTo("on");
    assertThatThrownBy(() -> line.read(sql -> sql.text(WRITE).execute()))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("read-only");
  }

  /// To connect takes longer than most pages.
  @Test
  void a_connection_is_kept_for_the_next_page_and_not_for_longer() throws InterruptedException {
    var line = new ConsoleLine(new Connections(db.settings()));
    var first = backend(line);
    assertThat(backend(line)).isEqualTo(first);

    db.sql("select pg_terminate_backend(?, 10000)", first);
    var second = backend(line);
    assertThat(second).as("the first has ended").isNotEqualTo(first);

    line.look(_ -> gone(second)); // not beside what connects by itself
    var third = backend(line);
    assertThat(gone(third)).as("in seconds, with nobody's help").isTrue();
  }

  private static int backend(ConsoleLine line) throws InterruptedException {
    return line.<Integer>read(sql -> sql.text(BACKEND).rows().getFirst().get(0, Integer.class));
  }

  private boolean gone(int backend) {
    db.await(
        "not exists (select from pg_stat_activity where pid = " + backend + ")",
        Duration.ofSeconds(45));
    return true;
  }

  @Test
  void who_comes_third_is_told_to_come_again() throws Exception {
    var line = new ConsoleLine(new Connections(db.settings()));
    var looking = new CountDownLatch(2);
    var seen = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> two = new ArrayList<>();
      for (var i = 0; i < 2; i++) {
        two.add(
            threads.submit(() ->
                line.look(_ -> {
                  looking.countDown();
                  return isOver(seen);
                })));
      }
      looking.await();

      assertThatThrownBy(() -> line.look(_ -> true)).isInstanceOf(ConsoleBusy.class);

      seen.countDown();
      for (var one : two) {
        assertThat(one.get()).isTrue();
      }
      assertThat(line.<Boolean>look(_ -> true)).isTrue();
    }
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  private static List<Long> keys(Reply page) {
    assertThat(page.status()).as(page.body()).isEqualTo(200);
    return LISTED
        .matcher(page.body())
        .results()
        .map(found -> Long.valueOf(found.group(1)))
        .toList();
  }
}
