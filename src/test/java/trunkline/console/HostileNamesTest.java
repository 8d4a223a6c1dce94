package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.testing.Reply;
import trunkline.testing.TestDatabase;

/// Goal: names are text wherever they come from, and what is nobody's business is on no page.
/// Method: a database full of hostile names, and all pages read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileNamesTest {
  /// A tag of ours, with its attributes.
  private static final Pattern TAG =
      Pattern.compile(
          "<!doctype html>|</?(?:html|head|meta|title|link|body|a|header|nav|ul|ol|li|strong|main|h1|h2|footer|small|p|pre|div|section|code|dl|dt|dd"
              + "|table|thead|tbody|tr|th|td|span|form|label|input|select|option|button|figure|figcaption|svg|g|line|polyline|rect|text|circle|path)"
              + "((?:\\s+[a-zA-Z0-9:-]+(?:=\"[^\"]*\"|='[^']*')?)*)\\s*>");

  private static final Pattern VALUE = Pattern.compile("=\"[^\"]*\"|='[^']*'");
  private static final Pattern ACTS = Pattern.compile("\\s(on[a-z]+|style)\\b");

  /// What turns or hides text.
  private static final Pattern ODD =
      Pattern.compile(
          "[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\\u200B\\u202A-\\u202E\\u2028\\u2029\\u2066-\\u2069\\uFEFF]");

  private static final String OURS = "<script src=\"/console/htmx.js\" defer></script>";
  private static final Pattern LONG_WORD = Pattern.compile("w{200}");

  private final TestDatabase db;
  private List<Long> sessions;
  private ConsoleServer console;

  HostileNamesTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeAll
  void start() {
    sessions = HostileRows.into(db);
    console = ConsoleServer.on(db.settings());
  }

  @AfterAll
  void end() {
    console.close();
  }

  @Test
  void they_are_text_on_every_page() throws SQLException {
    try (var stranger = db.open()) {
      TestDatabase.run(stranger, "set application_name = '<script>alert(1)</script>'");
      for (var page : console.pages(sessions)) {
        requireHarmless(page);
      }
    }
  }

  @Test
  void they_are_text_where_they_are_looked_for() {
    for (var name : HostileRows.NAMES) {
      var asked =
          URLEncoder.encode(
              name.substring(0, Math.min(name.length(), 2000)), StandardCharsets.UTF_8);

      requireHarmless("sessions?principal=" + asked + "&state=" + asked);
      requireHarmless("sessions?client=" + asked + "&before=" + asked);
      requireHarmless("sessions?session=" + asked);
      for (var act : Acts.ALL) {
        var part =
            URLEncoder.encode(
                name.substring(0, Math.min(name.length(), 150)), StandardCharsets.UTF_8);
        requireHarmless(
            act.values().stream()
                .map(value -> value.name() + "=" + part)
                .collect(Collectors.joining("&", "acts/" + act.word() + "?", "")));
      }
    }
  }

  /// Else there would be nothing to see that is harmless.
  @Test
  void they_are_there() {
    for (var page : List.of("", "now", "sessions", "sessions/" + sessions.getFirst())) {
      assertThat(console.get(page).body()).as(page).contains("&lt;script");
    }
    assertThat(console.get("sessions/" + sessions.get(1)).body())
        .contains("call ", "question ", "task ", "audit", "answered");
  }

  @Test
  void no_payload_or_anonymous_id_is_on_any_page() {
    var secrets = HostileRows.ids(db);
    secrets.add(HostileRows.MARK);
    for (var page : console.pages(sessions)) {
      assertThat(console.get(page).body()).as(page).doesNotContain(secrets);
    }
  }

  @Test
  void what_messages_say_is_text_where_it_may_be_seen() {
    try (var open = ConsoleServer.on(db.settings(), true)) {
      for (var session : sessions) {
        var page = "sessions/" + session + "/messages";
        requireHarmless(page, open.get(page));
        assertThat(open.get(page).body()).as(page).contains(HostileRows.MARK);
        assertThat(console.get(page).status()).as("not wanted").isEqualTo(403);
      }
    }
  }

  private void requireHarmless(String page) {
    var answer = console.get(page);
    requireHarmless(page, answer);
    assertThat(LONG_WORD.matcher(answer.body()).find())
        .as(page + " has words of 200 signs")
        .isFalse();
  }

  private static void requireHarmless(String page, Reply answer) {

    assertThat(answer.status()).as(page).isIn(200, 404, refused(page));
    var html = answer.body().replace(OURS, "");
    assertThat(TAG.matcher(html).replaceAll(""))
        .as(page)
        .doesNotContain("<")
        .doesNotContain("script>");
    assertThat(TAG.matcher(html).results().map(tag -> VALUE.matcher(tag.group()).replaceAll("")))
        .as(page)
        .noneMatch(tag -> ACTS.matcher(tag).find());
    assertThat(ODD.matcher(html).results().map(found -> around(html, found.start())))
        .as(page)
        .isEmpty();
  }

  /// Where a page may be refused, and else not: what cannot be meant, and what is not wanted.
  private static int refused(String page) {
    return page.endsWith("/messages")
        ? 403
        : page.matches("sessions\\?.*&(state|before)=.*") ? 400 : 200;
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 80));
  }
}
