package trunkline.signal;

import trunkline.store.Database;
import trunkline.store.DatabaseSettings;
import trunkline.testing.EventLog;
import trunkline.testing.Layers;

/// One instance as far as this package goes.
final class Party implements AutoCloseable {
  final int number;
  final EventLog events = new EventLog();
  private final Layers layers;
  final Database database;
  final Signals signals;

  Party(int number, DatabaseSettings settings, SignalPolicy policy) {
    this.number = number;
    layers =
        Layers.of(settings).instance(number).telling(events).with(policy).upTo(Layers.Top.SIGNALS);
    database = layers.database();
    signals = layers.signals();
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
    layers.close();
  }
}
