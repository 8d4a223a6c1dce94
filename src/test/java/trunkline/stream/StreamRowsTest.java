package trunkline.stream;

import trunkline.testing.TestDatabase;

class StreamRowsTest extends StreamStoreContract {
  StreamRowsTest(TestDatabase db) {
    super(() -> new Bench(db));
  }
}
