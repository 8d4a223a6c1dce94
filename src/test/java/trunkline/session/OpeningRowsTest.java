package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.session.OpeningRows.Opening;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.StatementRefused;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Sessions that are opened at the same time, by one statement.
class OpeningRowsTest {
  private static final Principal ADA = new Principal("ada");
  private static final Principal BOB = new Principal("bob");

  private final TestDatabase db;
  private final Database database;
  private final SessionRows rows;

  OpeningRowsTest(TestDatabase db) {
    this.db = db;
    database = new Database(new Connections(db.settings()), "test");
    rows = new SessionRows(database, Duration.ofHours(1));
  }

  @BeforeEach
  void begin() {
    db.sql("update trunkline.sessions set ended_at = clock_timestamp() where ended_at is null");
  }

  @AfterEach
  void end() {
    rows.close();
    database.close();
  }

  private static Opening opening(String client, Principal principal, int max) {
    return Opening.of(
        new NewSession(
            SessionId.random(),
            "2025-11-25",
            principal,
            Codec.object().putObject(client),
            Codec.object().put("name", client),
            client),
        max);
  }

  private List<Optional<Session>> open(List<Opening> openings) {
    return database.run(sql -> OpeningRows.open(sql, openings));
  }

  private static List<Opening> ofMany() {
    var openings = new ArrayList<Opening>();
    for (var each = 0; each < 20; each++) { // in no order of their ids
      var principal = each % 2 == 0 ? Principal.ANONYMOUS : new Principal("one-of-" + each % 3);
      openings.add(opening("client-" + each, principal, each % 2 == 0 ? 0 : 5));
    }
    return openings;
  }

  @Test
  void each_of_many_gets_the_session_that_it_asked_for() {
    var openings = ofMany();

    var opened = open(openings);

    for (var each = 0; each < openings.size(); each++) {
      var asked = openings.get(each).asked();
      var found = Database.await(rows.find(asked.id(), asked.principal())).orElseThrow();
      assertThat(opened.get(each)).contains(found.session());
      assertThat(found.session().clientInfo()).isEqualTo(asked.clientInfo());
      assertThat(found.session().toolset()).isEqualTo(asked.toolset());
    }
    assertThat(opened.stream().map(session -> session.orElseThrow().standaloneStream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void those_of_one_principal_count_together_and_the_last_ones_are_refused() {
    assertThat(open(List.of(opening("before", ADA, 3))).getFirst()).isPresent();

    var opened =
        open(
            List.of(
                opening("a", ADA, 3),
                opening("b", BOB, 1),
                opening("c", ADA, 3),
                opening("d", BOB, 1),
                opening("e", ADA, 3),
                opening("f", Principal.ANONYMOUS, 0)));

    assertThat(opened.stream().map(Optional::isPresent))
        .containsExactly(true, true, true, false, false, true);
  }

  @Test
  void one_that_exists_refuses_all_so_that_each_can_be_asked_alone() {
    var before = opening("before", ADA, 0);
    assertThat(open(List.of(before)).getFirst()).isPresent();
    var other = opening("other", ADA, 0);

    assertThatThrownBy(() -> open(List.of(other, before))).isInstanceOf(StatementRefused.class);

    assertThat(Database.await(rows.find(other.asked().id(), ADA))).isEmpty();
    try (var openings = new OpeningRows(database)) {
      assertThat(openings.open(before.asked(), 0)).isEmpty();
      assertThat(openings.open(other.asked(), 0)).isPresent();
    }
  }

  /// Goal: two who open for one principal at the same time, one by the function of the release
  /// before, count one after the other.
  @Test
  void those_of_a_principal_wait_for_another_instance_before_they_count() throws Exception {
    try (var former =
        OpenTransaction.on(
            db,
            "select trunkline.open_session(repeat('a', 32), '2025-11-25', 'ada', '{}', '{}', 2)")) {
      var opening = former.block(() -> open(List.of(opening("b", ADA, 2), opening("c", ADA, 2))));
      former.commit();

      assertThat(opening.get(10, TimeUnit.SECONDS).stream().map(Optional::isPresent))
          .containsExactly(true, false);
    }
  }

  /// Goal: whoever cannot open, because somebody keeps the lock of its principal, keeps nobody else
  /// waiting. Method: a lock that is not let go.
  @Test
  void a_principal_that_is_locked_waits_alone() throws Exception {
    try (var openings = new OpeningRows(database);
        var former =
            OpenTransaction.on(
                db,
                "select pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ada', 0))")) {
      var waits = former.block(() -> openings.open(opening("a", ADA, 2).asked(), 2));

      for (var other = 0; other < 5; other++) {
        assertThat(openings.open(opening("b", BOB, 0).asked(), 5)).isPresent();
      }

      assertThat(waits.isDone()).isFalse();
      former.commit();
      assertThat(waits.get(10, TimeUnit.SECONDS)).isPresent();
    }
  }
}
