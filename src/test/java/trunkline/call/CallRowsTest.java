package trunkline.call;

import trunkline.testing.TestDatabase;

class CallRowsTest extends CallStoreContract {
  CallRowsTest(TestDatabase db) {
    super(new SqlCallBench(db));
  }
}
