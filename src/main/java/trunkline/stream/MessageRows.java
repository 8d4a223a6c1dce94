package trunkline.stream;

import java.util.List;
import trunkline.session.StreamId;
import trunkline.store.Database;

/// The messages in PostgreSQL: what is published goes into [BatchRows], what is read comes from
/// [PageRows].
class MessageRows implements MessageStore {
  private final BatchRows batches;
  private final PageRows pages;

  MessageRows(Database database) {
    this.batches = new BatchRows(database);
    this.pages = new PageRows(database);
  }

  @Override
  public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
    return batches.publish(key, batch);
  }

  @Override
  public List<StreamId> locked(List<StreamId> streams) {
    return batches.locked(streams);
  }

  @Override
  public List<Page> read(int slot, List<ReadRequest> requests) {
    return pages.read(slot, requests);
  }

  @Override
  public int currentSlot() {
    return pages.currentSlot();
  }

  @Override
  public List<StreamReady> news(int slot, List<ReadRequest> requests) {
    return pages.news(slot, requests);
  }
}
