package trunkline.doctor;

import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.DOUBLE;
import static trunkline.store.SqlText.column;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jooq.Field;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import trunkline.store.ConnectionReason;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// Whether NOTIFY arrives, and how soon: canaries, sent through the pool on a channel that nobody
/// else listens to, must come back over the direct connection.
///
/// @param patience for one of them
record WakePath(Duration patience) {
  private static final String NAME = "wake path";
  private static final int CANARIES = 3;

  /// Beyond, looking by itself would be as good.
  private static final Duration SLOW = Duration.ofMillis(250);

  private static final double QUEUE_FULL = 0.25;
  private static final PGNotification[] NONE = {};

  private static final Field<Double> QUEUE = column("queue", DOUBLE);
  private static final Field<String> PLACE = column("place", CLOB);

  private static final SqlText SEND =
      SqlText.of(
          """
          -- doctor.canary: through the pool, as instances send
          SELECT pg_notify(:channel, :payload)
          """);

  private static final SqlText PLACE_READ =
      SqlText.of(
          """
          -- doctor.place: whether both URLs lead to one database, and how full the queue of notifications is
          SELECT pg_notification_queue_usage() AS queue,
                 format('%s of the server started at %s', current_database(), pg_postmaster_start_time()) AS place
          """,
          QUEUE, PLACE);

  private record Place(double queue, String name) {
    static Place of(Database database) {
      return database.run(sql ->
          sql.text(PLACE_READ)
              .single(row ->
                  new Place(Objects.requireNonNullElse(row.get(QUEUE), 0.0), row.get(PLACE))));
    }
  }

  List<Finding> look(Patient patient) {
    var channel = "trunkline_doctor_" + word();
    var place = Place.of(patient.database());
    try (var listening = patient.connections().direct("trunkline-doctor-listen")) {
      var between = isPooled(listening);
      execute(listening, "LISTEN " + channel);
      var nanos = new ArrayList<Long>();
      for (var i = 0; i < CANARIES; i++) {
        var took = canary(patient.database(), listening, channel);
        if (took.isEmpty()) {
          break;
        }
        nanos.add(took.get());
      }
      var findings = new ArrayList<Finding>();
      findings.add(
          nanos.size() == CANARIES
              ? returned(nanos, between)
              : lost(nanos.size(), between, place, elsewhere(patient)));
      if (place.queue > QUEUE_FULL) {
        findings.add(queue(place.queue));
      }
      return findings;
    } catch (SQLException e) { // no room for one more connection, as a rule: other checks say why
      return List.of(
          Finding.warning(
              NAME,
              "no connection to listen on: " + ConnectionReason.of(e),
              "see what the other checks say; instances poll until they get one"));
    }
  }

  private Optional<Long> canary(Database pool, Connection listening, String channel)
      throws SQLException {
    var payload = word();
    var started = System.nanoTime();
    var until = started + patience.toNanos();
    var _ = pool.run(sql -> sql.text(SEND).set("channel", channel).set("payload", payload).rows());
    var pg = listening.unwrap(PGConnection.class);
    while (true) {
      var left = (until - System.nanoTime()) / 1_000_000;
      var heard = left > 0 ? pg.getNotifications((int) left) : pg.getNotifications();
      for (var each : heard == null ? NONE : heard) {
        if (each.getParameter().equals(payload)) {
          return Optional.of(System.nanoTime() - started);
        }
      }
      if (left <= 0) {
        return Optional.empty();
      }
    }
  }

  private static Finding returned(List<Long> nanos, boolean between) {
    var found =
        "NOTIFY arrives: %d canaries came back, after %s to %s"
            .formatted(
                nanos.size(), millis(Collections.min(nanos)), millis(Collections.max(nanos)));
    if (between) {
      return Finding.warning(
          NAME,
          found + ", but a pooler is between the direct URL and the server",
          "give --database-direct-url past it: in transaction mode LISTEN gets lost sooner or later");
    }
    return Collections.min(nanos) > SLOW.toNanos()
        ? Finding.warning(
            NAME, found + ", which is slow", "look at the network and at the server's load")
        : Finding.ok(NAME, found);
  }

  private Finding lost(int returned, boolean between, Place place, String elsewhere) {
    var found =
        "NOTIFY does not arrive: %d of %d canaries came back within %s, so instances poll"
            .formatted(returned, CANARIES, millis(patience.toNanos()));
    if (between) {
      return Finding.warning(
          NAME,
          found + "; a pooler is between the direct URL and the server",
          "give --database-direct-url past it: in transaction mode LISTEN gets lost");
    }
    return elsewhere.equals(place.name)
        ? Finding.warning(NAME, found, "look at what is between here and the server")
        : Finding.fault(
            NAME,
            "%s: the pool leads to %s, the direct URL to %s"
                .formatted(found, place.name, elsewhere),
            "let --database-url and --database-direct-url lead to one database");
  }

  private static String elsewhere(Patient patient) {
    return patient.ask(sql -> sql.text(PLACE_READ).single(row -> row.get(PLACE)));
  }

  private static Finding queue(double share) {
    return Finding.warning(
        NAME,
        "the server's queue of notifications is %.0f %% full".formatted(share * 100),
        "end the transaction of the listener that does not read: select pid, xact_start, query from"
            + " pg_stat_activity order by xact_start");
  }

  /// A pooler answers with a process id of its own when a connection is made.
  private static boolean isPooled(Connection listening) throws SQLException {
    return listening.unwrap(PGConnection.class).getBackendPID() != process(listening);
  }

  private static int process(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery("SELECT pg_backend_pid() AS process")) {
      return answer.next() ? answer.getInt("process") : 0;
    }
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private static String word() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private static String millis(long nanos) {
    return nanos < 10_000_000
        ? "%.1f ms".formatted(nanos / 1e6)
        : "%d ms".formatted(nanos / 1_000_000);
  }
}
