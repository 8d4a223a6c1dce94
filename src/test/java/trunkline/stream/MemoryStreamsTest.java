package trunkline.stream;

class MemoryStreamsTest extends StreamStoreContract {
  MemoryStreamsTest() {
    super(MemoryBench::new);
  }
}
