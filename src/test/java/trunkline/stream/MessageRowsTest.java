package trunkline.stream;

import trunkline.testing.TestDatabase;

class MessageRowsTest extends MessageStoreContract {
  MessageRowsTest(TestDatabase db) {
    super(db);
  }

  @Override
  MessageStore store(Bench bench) {
    return new MessageRows(bench.database);
  }
}
