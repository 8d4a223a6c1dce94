package trunkline.stream;

import trunkline.testing.TestDatabase;

class MessageRowsTest extends MessageStoreContract {
  MessageRowsTest(TestDatabase db) {
    super(() -> new Bench(db));
  }
}
