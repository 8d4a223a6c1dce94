package trunkline.signal;

import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DatabaseSettings;
import trunkline.testing.EventLog;

/// One instance as far as this package goes.
final class Party implements AutoCloseable {
  final int number;
  final EventLog events = new EventLog();
  final Database database;
  final Signals signals;

  Party(int number, DatabaseSettings settings, SignalPolicy policy) {
    this.number = number;
    var connections = new Connections(settings);
    database = new Database(connections, "trunkline-party");
    signals = new Signals(connections, database, policy, events);
    signals.moveTo(new InstanceId(number));
  }

  static Party listening(int number, DatabaseSettings settings) {
    var party = new Party(number, settings, SignalPolicy.of(NotifyMode.REQUIRED));
    try {
      party.signals.start();
      return party;
    } catch (NotifyRequired e) {
      party.close();
      throw e;
    }
  }

  Doorbells doorbells() {
    return signals.doorbells();
  }

  Waker waker() {
    return signals.waker();
  }

  @Override
  public void close() {
    signals.close();
    database.close();
  }
}
