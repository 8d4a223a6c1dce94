package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import trunkline.rest.Account;
import trunkline.rest.GeneratedRows;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestDatabase;

/// Goal: a page costs what it shows, not what there is. Method: generated rows, each page once, and
/// `auto_explain`, which tells what its statements have read.
///
/// `-Dtrunkline.console.sessions=1000000` measures instead, and prints how long each page takes.
class ConsoleCostTest {
  private static final int SESSIONS = 25_000;

  /// What is looked at for a page of sessions that are looked for, by name and as a session.
  private static final int LOOKED_AT_MAX = 2 * 20_000 + 1_000;

  /// A page of a list with what belongs to its rows; a day's minutes of ten instances; questions
  /// and tasks, which are kept for minutes. All sessions, streams or messages are more.
  private static final int ROWS_MAX = 15_000;

  /// Once in half a minute, not waited for by the overview, and bounded.
  private static final Pattern COUNTED_SELDOM =
      Pattern.compile("status\\.(backlog|calls|tasks|sessions)|doctor\\..*");

  private static final int BLOCKS_MAX = 5_000;
  private static final int ROUNDS = 5;

  private final Account account = new Account();

  /// Also those that look for what is rare, and what there is not.
  private static List<String> pages(ConsoleServer console) {
    var pages = new ArrayList<>(console.pages(List.of(1L, 77L)));
    pages.add("sessions?state=ended");
    pages.add("sessions?principal=nobody");
    pages.add("sessions?client=unheard-of");
    pages.add("sessions?before=5000");
    pages.add("sessions?age=hour");
    pages.add("?span=day");
    return pages;
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void a_page_reads_what_it_shows(TestDatabase db) throws Exception {
    GeneratedRows.insert(db, SESSIONS);
    GeneratedRows.explainEverything(db);
    try (var proxy = new StatementProxy(db.url()).onNotice(account::hear);
        var console = ConsoleServer.on(through(proxy, db), true)) {
      var dear = new ArrayList<String>();
      for (var page : pages(console)) {
        account.clear();
        assertThat(console.get(page).status()).as(page).isIn(200, 404);

        var looksFor = page.matches("sessions\\?(state|principal|client)=.*");
        account
            .executed()
            .filter(one -> !COUNTED_SELDOM.matcher(one.name()).matches())
            .filter(one ->
                one.rows() > (looksFor ? LOOKED_AT_MAX : ROWS_MAX) || one.blocks() > BLOCKS_MAX)
            .map(one ->
                "%s: %s: %d rows, %d blocks, by %s"
                    .formatted(page, one.name(), one.rows(), one.blocks(), one.plan()))
            .forEach(dear::add);
      }
      assertThat(dear).isEmpty();
      assertThat(account.executed()).as("it is told what the last page reads").isNotEmpty();
    }
  }

  private static DatabaseSettings through(StatementProxy proxy, TestDatabase db) {
    return DatabaseSettings.of(
        proxy.url(), proxy.url(), db.user(), new Password.Literal(db.password()), 4);
  }

  @Test
  @EnabledIfSystemProperty(named = "trunkline.console.sessions", matches = "\\d+")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void measure(TestDatabase db) throws Exception {
    GeneratedRows.insert(db, Integer.getInteger("trunkline.console.sessions"), 10);
    db.sql("checkpoint");
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    for (var round = 0; round < ROUNDS; round++) {
      try (var console = ConsoleServer.on(db.settings(), true)) { // which remembers nothing yet
        for (var page : pages(console)) {
          var begun = System.nanoTime();
          var status = console.get(page).status();
          var took = (System.nanoTime() - begun) / 1e6;
          assertThat(status).as(page).isIn(200, 403, 404);
          millis.computeIfAbsent(page, _ -> new ArrayList<>()).add(took);
        }
      }
    }
    millis.forEach((page, each) ->
        System.out.printf(
            Locale.ROOT,
            "| %s | %.0f | %.0f |%n",
            page,
            each.getFirst(),
            each.stream().sorted().toList().get(ROUNDS / 2)));
    GeneratedRows.explainEverything(db);
    try (var proxy = new StatementProxy(db.url()).onNotice(account::hear);
        var console = ConsoleServer.on(through(proxy, db))) {
      for (var page : List.of("", "doctor", "waiting", "instances")) {
        account.clear();
        console.get(page);
        System.out.println(page + "\n" + account.table(1));
      }
    }
  }
}
