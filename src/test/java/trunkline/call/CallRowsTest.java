package trunkline.call;

import org.junit.jupiter.api.AfterEach;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class CallRowsTest extends CallStoreContract {
  private final Database database;

  CallRowsTest(TestDatabase db) {
    super(db);
    this.database = new Database(new Connections(db.settings()), "trunkline-calls");
  }

  @AfterEach
  void end() {
    database.close();
  }

  @Override
  CallStore store() {
    return new CallRows(database);
  }
}
