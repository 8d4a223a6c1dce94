package trunkline.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.MessageStore.ReadRequest;

/// Two lanes, so that a client that catches up does not delay those that are live: live looks read
/// the two newest leaves, catch-up looks all of them.
final class ReadLanes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final LanePolicy LIVE = new LanePolicy(256, 20_000, PATIENCE);
  private static final LanePolicy CATCH_UP = new LanePolicy(16, 20_000, PATIENCE);
  private static final int ALL = -1;

  private final MessageStore store;
  private final CurrentSlot slot;
  private final Lane<ReadRequest, Page> live;
  private final Lane<ReadRequest, Page> catchUp;

  ReadLanes(Database database, MessageStore store, CurrentSlot slot) {
    this.store = store;
    this.slot = slot;
    this.live = new Lane<>("trunkline-read-live", LIVE, database, this::readLive);
    this.catchUp =
        new Lane<>(
            "trunkline-read-catch-up", CATCH_UP, database, (c, looks) -> store.read(c, ALL, looks));
  }

  CompletableFuture<Page> live(ReadRequest look) {
    return live.submit(look);
  }

  CompletableFuture<Page> catchUp(ReadRequest look) {
    return catchUp.submit(look);
  }

  /// A page read with another slot's text may miss messages: it is thrown away (delivery: S12).
  private List<Page> readLive(Connection connection, List<ReadRequest> looks) throws SQLException {
    while (true) {
      var assumed = slot.current();
      var pages = store.read(connection, assumed, looks);
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
