package trunkline.stream;

class MemorySlotsTest extends SlotStoreContract {
  MemorySlotsTest() {
    super(MemoryBench::new);
  }
}
