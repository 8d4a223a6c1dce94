package trunkline.stream;

import org.junit.jupiter.api.AfterEach;
import trunkline.testing.TestDatabase;

/// In PostgreSQL; slots belong to a whole database, so each test has one.
class SlotStoreTest extends SlotStoreContract {
  private final TestDatabase db;

  SlotStoreTest() {
    this(TestDatabase.create());
  }

  private SlotStoreTest(TestDatabase db) {
    super(() -> new Bench(db));
    this.db = db;
  }

  @AfterEach
  void drop() {
    db.close();
  }
}
