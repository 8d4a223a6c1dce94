package trunkline.stream;

import trunkline.store.SetAside;
import trunkline.testing.TestDatabase;

class StreamRowsTest extends StreamStoreContract {
  StreamRowsTest(TestDatabase db) {
    super(db);
  }

  @Override
  StreamStore store(Bench bench) {
    return new StreamRows(bench.database, new SetAside("streams", _ -> {}));
  }
}
