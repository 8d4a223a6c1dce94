package trunkline.stream;

import trunkline.testing.TestDatabase;

/// In PostgreSQL; slots belong to a whole database, so each test has one.
class SlotStoreTest extends SlotStoreContract {
  SlotStoreTest() {
    super(() -> new Bench(TestDatabase.create()));
  }
}
