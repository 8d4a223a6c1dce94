package trunkline.session;

import java.time.Duration;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.testing.TestDatabase;

/// One of the instances of a test, as far as sessions need one: without NOTIFY, so that whatever
/// rings its doorbells was meant for itself.
final class Instance implements AutoCloseable {
  static final SessionPolicy POLICY =
      new SessionPolicy(
          Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1), 3, 1_000, 5, 5, 100);

  final Database database;
  final Signals signals;
  final Sessions sessions;

  Instance(TestDatabase db, int number) {
    this(db, number, POLICY);
  }

  Instance(TestDatabase db, int number, SessionPolicy policy) {
    EventSink silence = event -> {};
    var connections = new Connections(db.settings());
    database = new Database(connections, "instance-" + number);
    signals = new Signals(connections, database, SignalPolicy.of(NotifyMode.NEVER), silence);
    signals.moveTo(new InstanceId(number));
    sessions = new Sessions(database, policy, signals.waker(), silence);
  }

  Session open(String principal) {
    return sessions.open(SessionStoreContract.asked(new Principal(principal)));
  }

  @Override
  public void close() {
    sessions.close();
    signals.close();
    database.close();
  }
}
