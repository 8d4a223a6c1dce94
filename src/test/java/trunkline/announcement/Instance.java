package trunkline.announcement;

import java.util.Map;
import trunkline.config.ServerConfig;
import trunkline.jsonrpc.Codec;
import trunkline.session.NewSession;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.Sessions;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.testing.TestDatabase;

/// One of the instances of a test, as far as announcements need one. Without NOTIFY and not
/// started: the test calls `readOnce` and `moveOnce`.
final class Instance implements AutoCloseable {
  final Database database;
  final Signals signals;
  final Sessions sessions;
  final Announcements announcements;

  Instance(TestDatabase db, int number, EventSink events) {
    this(db, number, AnnouncementPolicy.DEFAULT, events);
  }

  Instance(TestDatabase db, int number, AnnouncementPolicy policy, EventSink events) {
    var connections = new Connections(db.settings());
    database = new Database(connections, "instance-" + number);
    signals = new Signals(connections, database, SignalPolicy.of(NotifyMode.NEVER), events);
    signals.moveTo(new InstanceId(number));
    sessions =
        new Sessions(
            database, ServerConfig.of(Map.of()).policies().sessions(), signals.waker(), events);
    announcements =
        new Announcements(
            database, () -> new InstanceId(number), sessions, signals, policy, events);
    announcements.readOnce();
  }

  Session open() {
    return sessions.open(
        new NewSession("2025-11-25", Principal.ANONYMOUS, Codec.object(), Codec.object()));
  }

  @Override
  public void close() {
    announcements.close();
    sessions.close();
    signals.close();
    database.close();
  }
}
