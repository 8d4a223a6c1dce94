package trunkline.session;

import java.time.Duration;
import trunkline.signal.Signals;
import trunkline.store.Database;
import trunkline.testing.Layers;
import trunkline.testing.TestDatabase;

/// One of the instances of a test, as far as sessions need one: without NOTIFY, so that whatever
/// rings its doorbells was meant for itself.
final class SessionHost implements AutoCloseable {
  static final SessionPolicy POLICY =
      new SessionPolicy(
          Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1), 3, 1_000, 5, 5, 100, true);

  private final Layers layers;
  final Database database;
  final Signals signals;
  final Sessions sessions;

  SessionHost(TestDatabase db, int number) {
    this(db, number, POLICY);
  }

  SessionHost(TestDatabase db, int number, SessionPolicy policy) {
    layers = Layers.of(db.settings()).instance(number).with(policy).upTo(Layers.Top.SESSIONS);
    database = layers.database();
    signals = layers.signals();
    sessions = layers.sessions();
  }

  Session open(String principal) {
    return sessions.open(SessionRowsTest.asked(new Principal(principal)));
  }

  @Override
  public void close() {
    layers.close();
  }
}
