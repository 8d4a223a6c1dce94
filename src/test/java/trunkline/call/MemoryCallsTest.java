package trunkline.call;

class MemoryCallsTest extends CallStoreContract {
  MemoryCallsTest() {
    super(new MemoryCallBench());
  }
}
