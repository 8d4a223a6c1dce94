package trunkline.announcement;

import trunkline.jsonrpc.Codec;
import trunkline.session.NewSession;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.Sessions;
import trunkline.signal.Signals;
import trunkline.telemetry.EventSink;
import trunkline.testing.Layers;
import trunkline.testing.TestDatabase;

/// One of the instances of a test, as far as announcements need one. Without NOTIFY and not
/// started: the test calls `readOnce` and `moveOnce`.
final class Announcer implements AutoCloseable {
  private final Layers layers;
  final Signals signals;
  final Sessions sessions;
  final Announcements announcements;

  Announcer(TestDatabase db, int number, EventSink events) {
    this(db, number, AnnouncementPolicy.DEFAULT, events);
  }

  Announcer(TestDatabase db, int number, AnnouncementPolicy policy, EventSink events) {
    layers =
        Layers.of(db.settings())
            .instance(number)
            .telling(events)
            .with(policy)
            .upTo(Layers.Top.ANNOUNCEMENTS);
    signals = layers.signals();
    sessions = layers.sessions();
    announcements = layers.announcements();
  }

  Session open() {
    return open(Principal.ANONYMOUS);
  }

  Session open(Principal principal) {
    return sessions.open(
        new NewSession(
            SessionId.random(), "2025-11-25", principal, Codec.object(), Codec.object(), ""));
  }

  @Override
  public void close() {
    layers.close();
  }
}
