package trunkline.simulation;

import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.MemoryDatabase.Wire;
import trunkline.store.DatabaseBusy;

/// No distance and no faults: the statement runs on the caller's thread. A locked row is not waited
/// for.
public final class DirectWire implements Wire {
  @Override
  public <T> T send(MemoryDatabase database, Statement<T> statement) {
    synchronized (database) {
      var owner = new Object();
      statement.look();
      try {
        for (var stream : statement.locked()) {
          if (!database.lock(owner, stream)) {
            throw new DatabaseBusy(
                statement.name() + ": stream " + stream + " is locked",
                new IllegalStateException());
          }
        }
        statement.draw();
        return database.commit(statement);
      } finally {
        database.unlock(owner);
      }
    }
  }
}
