package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import trunkline.testing.StatementFault.AnswerHeld;
import trunkline.testing.StatementFault.AnswerLost;
import trunkline.testing.StatementFault.Refused;
import trunkline.testing.StatementFault.Stalled;

/// With the driver and a server as they are.
class StatementProxyTest {
  /// More than the driver's threshold for preparing a statement on the server.
  private static final int PREPARED = 7;

  private static final String ADD =
      """
      -- notes.add: so that there is something to lose
      insert into notes(note) values (?)
      """;

  private final TestDatabase db;
  private final StatementProxy proxy;

  StatementProxyTest(TestDatabase db) {
    this.db = db;
    this.proxy = new StatementProxy(db.url());
  }

  @BeforeEach
  void create() {
    db.sql("create table notes (note text not null)");
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    db.sql("drop table notes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PREPARED})
  void loses_the_answer_of_what_was_done(int before) throws Exception {
    try (var connection = open()) {
      add(connection, before);
      var armed = proxy.arm("notes.add", new AnswerLost());

      assertThatThrownBy(() -> add(connection, 1))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
      armed.awaitHit(Duration.ZERO);
    }
    assertThat(notes()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PREPARED})
  void refuses_and_goes_on(int before) throws Exception {
    try (var connection = open()) {
      add(connection, before);
      var armed = proxy.arm("notes.add", new Refused("55P03"), 2);

      for (var i = 0; i < 2; i++) {
        assertThatThrownBy(() -> add(connection, 1))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
      }
      armed.awaitHit(Duration.ZERO);
      add(connection, PREPARED);
    }
    assertThat(notes()).isEqualTo(before + PREPARED);
  }

  @Test
  void ends_the_connection_when_the_server_would() throws Exception {
    try (var connection = open()) {
      var _ = proxy.arm("notes.add", new Refused("57P01"));

      assertThatThrownBy(() -> add(connection, 1))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      assertThat(connection.isValid(1)).isFalse();
    }
    assertThat(notes()).isZero();
  }

  @Test
  void stalls_before_the_server_hears_of_it() throws Exception {
    try (var connection = open()) {
      var armed = proxy.arm("notes.add", new Stalled(Duration.ofMillis(400)));
      var start = System.nanoTime();
      var adding = Thread.startVirtualThread(() -> addUnchecked(connection));
      armed.awaitHit(Duration.ofSeconds(5));

      assertThat(notes()).isZero();
      adding.join();
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(390).toNanos());
    }
    assertThat(notes()).isOne();
  }

  @Test
  void holds_the_answer_of_what_was_done() throws Exception {
    try (var connection = open()) {
      var _ = proxy.arm("notes.add", new AnswerHeld(Duration.ofSeconds(1)));
      var adding = Thread.startVirtualThread(() -> addUnchecked(connection));

      db.await("exists (select from notes)", Duration.ofSeconds(5));
      assertThat(adding.isAlive()).isTrue();
      adding.join();
      add(connection, 1);
    }
    assertThat(notes()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PREPARED})
  void a_batch_is_hit_as_a_whole(int before) throws Exception {
    try (var connection = open()) {
      add(connection, before);
      var armed = proxy.arm("notes.add", new Refused("40P01"));

      assertThatThrownBy(() -> addBatch(connection, 20)).isInstanceOf(SQLException.class);
      armed.awaitHit(Duration.ZERO);
      addBatch(connection, 20);
    }
    assertThat(notes()).isEqualTo(before + 20);
  }

  @Test
  void a_refusal_in_a_transaction_fails_it() throws Exception {
    try (var connection = open()) {
      connection.setAutoCommit(false);
      add(connection, 1);
      var _ = proxy.arm("notes.add", new Refused("XX000"));

      assertThatThrownBy(() -> add(connection, 1)).isInstanceOf(SQLException.class);
      connection.rollback();
      add(connection, 1);
      connection.commit();
    }
    assertThat(notes()).isOne();
  }

  @Test
  void spares_other_statements_and_counts_all() throws Exception {
    try (var connection = open();
        var other =
            connection.prepareStatement("-- notes.count: how many\nselect count(*) from notes")) {
      var armed = proxy.arm("notes.remove", new AnswerLost());
      add(connection, PREPARED);
      for (var i = 0; i < PREPARED; i++) {
        assertThat(other.execute()).isTrue();
      }

      assertThat(armed.left()).isOne();
      assertThat(proxy.seen()).containsExactly("notes.add", "notes.count");
      assertThat(proxy.seen("notes.count")).isEqualTo(PREPARED);
    }
  }

  @Test
  void notifications_come_through() throws Exception {
    try (var connection = open();
        var statement = connection.createStatement()) {
      statement.execute("listen news");
      db.sql("select pg_notify('news', 'good')");

      assertThat(connection.unwrap(PGConnection.class).getNotifications(5_000))
          .singleElement()
          .satisfies(news -> assertThat(news.getParameter()).isEqualTo("good"));
    }
  }

  private Connection open() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", db.user());
    properties.setProperty("password", db.password());
    properties.setProperty("ApplicationName", TestDatabase.APPLICATION_NAME);
    return DriverManager.getConnection(proxy.url(), properties);
  }

  private long notes() {
    return db.sql("select count(*) from notes").number();
  }

  private static void add(Connection connection, int times) throws SQLException {
    for (var i = 0; i < times; i++) {
      try (var statement = connection.prepareStatement(ADD)) {
        statement.setString(1, "x");
        statement.executeUpdate();
      }
    }
  }

  private static void addBatch(Connection connection, int times) throws SQLException {
    try (var statement = connection.prepareStatement(ADD)) {
      for (var i = 0; i < times; i++) {
        statement.setString(1, "x");
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void addUnchecked(Connection connection) {
    try {
      add(connection, 1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
