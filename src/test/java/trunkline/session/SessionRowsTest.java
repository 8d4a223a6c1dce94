package trunkline.session;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class SessionRowsTest extends SessionStoreContract {
  private final Database database;

  SessionRowsTest(TestDatabase db) {
    this.database = new Database(new Connections(db.settings()), "test");
  }

  @Override
  SessionStore open(Duration lifetimeMax) {
    return new SessionRows(database, lifetimeMax);
  }

  @AfterEach
  void disconnect() {
    database.close();
  }
}
