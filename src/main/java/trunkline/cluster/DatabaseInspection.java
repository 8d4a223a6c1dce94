package trunkline.cluster;

import java.util.ArrayList;
import java.util.List;
import trunkline.cluster.ControlRows.Fault;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Checks the database before an instance serves.
public final class DatabaseInspection {
  private static final int VERSION_MIN = 150_000;
  private static final long LOCK_TIMEOUT_MILLIS_MAX = 1_000;

  /// However many restores are on record.
  private static final int IN_ANY_CASE = -1;

  private final Database database;
  private final EventSink events;

  public DatabaseInspection(Database database, EventSink events) {
    this.database = database;
    this.events = events;
  }

  /// Refuses a database on which promises would be broken, warns of one on which things would be
  /// slow, and adopts one that was restored, copied or upgraded.
  ///
  /// @throws DatabaseUnfit naming every fault and its remedy
  public void require() {
    var _ = adopt(false, 0);
  }

  /// Treats the database as restored even if that cannot be seen.
  public void noteRestored() {
    var _ = adopted(true, IN_ANY_CASE);
  }

  /// As [ControlRows#adopt], for a database that fits.
  Adoption adopt(boolean rewound, int restores) {
    var facts = DatabaseFacts.read(database);
    var control = new ControlRows(database);
    var faults = control.faults();
    var wrong = new ArrayList<>(wrong(facts));
    faults.stream().filter(Fault::stops).map(Fault::sentence).forEach(wrong::add);
    if (!wrong.isEmpty()) {
      throw new DatabaseUnfit(wrong);
    }
    doubtful(facts).forEach(finding -> events.emit(new ServerEvent.DatabaseDoubtful(finding)));
    BrokenChecks.of(database)
        .forEach(finding -> events.emit(new ServerEvent.DatabaseDoubtful(finding)));
    faults.forEach(fault -> events.emit(new ServerEvent.ControlUnfit(fault.sentence())));
    return adopted(rewound, restores);
  }

  private Adoption adopted(boolean rewound, int restores) {
    var adoption = new ControlRows(database).adopt(rewound, restores);
    if (adoption.restored()) {
      events.emit(new ServerEvent.DatabaseRestored(adoption.restores(), adoption.base()));
    } else if (adoption.raised()) {
      events.emit(new ServerEvent.IdBaseRaised(adoption.base()));
    }
    return adoption;
  }

  static List<String> wrong(DatabaseFacts facts) {
    var wrong = new ArrayList<String>();
    if (facts.standby()) {
      wrong.add("it is a standby; connect to the primary");
    }
    if (facts.versionNumber() < VERSION_MIN) {
      wrong.add(
          "its version is %d.%d; 15 or newer is needed"
              .formatted(facts.versionNumber() / 10_000, facts.versionNumber() % 10_000));
    }
    if (!facts.encoding().equals("UTF8")) {
      wrong.add("its encoding is %s; create it with ENCODING 'UTF8'".formatted(facts.encoding()));
    }
    if (!facts.isolation().equals("read committed")) {
      wrong.add(
          "its default isolation is %s; ALTER ROLE ... SET default_transaction_isolation = 'read committed'"
              .formatted(facts.isolation()));
    }
    if (facts.synchronousCommit().equals("off")) {
      wrong.add(
          "synchronous_commit is off, so what was acknowledged can be lost; ALTER ROLE ... SET"
              + " synchronous_commit = 'on'");
    }
    if (!facts.sequencesMisused().isEmpty()) {
      wrong.add(
          facts.sequencesMisused()
              + " must hand out numbers in order; ALTER SEQUENCE ... INCREMENT 1 CACHE 1 NO CYCLE");
    }
    if (facts.statementTimeoutMillis() != 0) {
      wrong.add(
          "statement_timeout is %d ms, which can report an unreplicated commit as done; ALTER ROLE ... SET statement_timeout = 0"
              .formatted(facts.statementTimeoutMillis()));
    }
    return wrong;
  }

  /// A transaction pooler loses what a session SETs; the role keeps it.
  static List<String> doubtful(DatabaseFacts facts) {
    var doubtful = new ArrayList<String>();
    var lock = facts.lockTimeoutMillis();
    if (lock == 0 || lock > LOCK_TIMEOUT_MILLIS_MAX) {
      doubtful.add(
          "lock_timeout is %d ms in the pool, so one locked row stalls many streams; ALTER ROLE ... SET lock_timeout = '200ms'"
              .formatted(lock));
    }
    if (facts.idleInTransactionMillis() == 0) {
      doubtful.add(
          "idle_in_transaction_session_timeout is off in the pool, so a frozen client can hold locks; ALTER ROLE ... SET idle_in_transaction_session_timeout = '5s'");
    }
    return doubtful;
  }
}
