package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.OutagePatience;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;

/// Two lanes, so that a client that catches up does not delay those that are live: live requests
/// read the two newest leaves, catch-up requests all of them.
final class ReadLanes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final LanePolicy LIVE = new LanePolicy(256, 20_000, PATIENCE);
  private static final LanePolicy CATCH_UP = new LanePolicy(16, 20_000, PATIENCE);
  private static final int ALL = -1;

  private final MessageStore store;
  private final CurrentSlot slot;
  private final Lane<ReadRequest, Page> live;
  private final Lane<ReadRequest, Page> catchUp;

  ReadLanes(MessageStore store, CurrentSlot slot) {
    this.store = store;
    this.slot = slot;
    this.live = new Lane<>("trunkline-read-live", LIVE, this::readLive);
    this.catchUp =
        new Lane<>("trunkline-read-catch-up", CATCH_UP, requests -> store.read(ALL, requests));
  }

  CompletableFuture<Page> live(ReadRequest request) {
    return live.submit(request);
  }

  /// The same without waiting; null when too many wait already.
  @Nullable CompletableFuture<Page> liveUnlessFull(ReadRequest request) {
    return live.submitUnlessFull(request);
  }

  CompletableFuture<Page> catchUp(ReadRequest request) {
    return catchUp.submit(request);
  }

  /// The answer to what blocks, repeated as patiently as a lane does, on a thread of its own.
  <T> CompletableFuture<T> repeated(Supplier<T> question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new OutagePatience(PATIENCE).call(question::get);
          } catch (InterruptedException e) {
            throw new CancellationException(e.toString()); // nobody interrupts it
          }
        },
        work -> Clockwork.startVirtual("trunkline-read-again", work));
  }

  /// Whether a finished stream has nothing after the claim's place.
  boolean hasNothingFor(ClaimedStream claimed) {
    var request = new ReadRequest(claimed.stream(), claimed.epoch(), claimed.from().own());
    return Database.await(catchUp(request)) instanceof Page.Found found
        && found.messages().isEmpty();
  }

  /// A page read with another slot's text may miss messages: it is thrown away (delivery: S12).
  private List<Page> readLive(List<ReadRequest> requests) {
    while (true) {
      var assumed = slot.current();
      var pages = store.read(assumed, requests);
      var actual = slotOf(pages, assumed);
      if (actual == assumed) {
        return pages;
      }
      slot.saw(actual);
    }
  }

  private static int slotOf(List<Page> pages, int otherwise) {
    for (var page : pages) {
      if (page instanceof Page.Found found) {
        return found.slot();
      }
    }
    return otherwise;
  }

  @Override
  public void close() {
    live.close();
    catchUp.close();
  }
}
