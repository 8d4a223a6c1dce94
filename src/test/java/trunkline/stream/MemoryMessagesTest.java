package trunkline.stream;

class MemoryMessagesTest extends MessageStoreContract {
  MemoryMessagesTest() {
    super(MemoryBench::new);
  }
}
