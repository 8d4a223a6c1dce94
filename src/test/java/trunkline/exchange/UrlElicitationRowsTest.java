package trunkline.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.session.SessionKey;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class UrlElicitationRowsTest {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final TestDatabase db;
  private final Database database;
  private final UrlElicitationRows rows;

  UrlElicitationRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new UrlElicitationRows(database);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static String id() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private SessionKey session() {
    var opened =
        db.sql(
            "select session_key from trunkline.open_session(?, '2025-11-25', 'ada', '{}', '{}', 0)",
            id());
    return new SessionKey(opened.number());
  }

  /// The answer of the first attempt was lost.
  @Test
  void pages_that_are_stored_again_count_as_stored() {
    var session = session();
    var pages = List.of(id(), id());

    assertThat(rows.open(session, pages, LIFETIME)).isEqualTo(2);
    assertThat(rows.open(session, pages, LIFETIME)).isEqualTo(2);
  }

  @Test
  void nobody_stores_the_page_of_another_session_or_any_in_one_that_has_ended() {
    var page = id();
    var session = session();
    rows.open(session, List.of(page), LIFETIME);

    assertThat(rows.open(session(), List.of(page), LIFETIME)).isZero();
    Objects.requireNonNull(
        db.sql("select trunkline.end_session_now(?, 'client')", session.value()).value());
    assertThat(rows.open(session, List.of(id()), LIFETIME)).isZero();
  }
}
