package trunkline.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.Quirk;
import trunkline.stream.SlotRows.SlotAdvance;

/// [SlotRows] in memory; no reader is ever in the way, and nothing is forgotten.
final class MemorySlots implements Slots.Store {
  private final MemoryDatabase database;

  MemorySlots(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public void trim(SessionKey session, StreamId stream, int keep) {
    var _ =
        database.run(
            new Reading<>(
                "streams.trim",
                () -> {
                  var row = database.stream(stream.value());
                  if (row != null
                      && row.session == session.value()
                      && !database.isLocked(stream.value())) {
                    var kept = database.messages(row.id, row.trimmedThrough);
                    if (kept.size() > keep) {
                      row.trimmedThrough = kept.get(kept.size() - keep - 1).id();
                    }
                  }
                  return true;
                }));
  }

  private int next() {
    return (database.slot() + 1) % MemoryDatabase.SLOTS;
  }

  @Override
  public SlotAdvance advance(Duration openFor) {
    return database.run(
        new Reading<>(
            "control.advance",
            () -> {
              var next = next();
              if (database.nanos() - database.slotOpenedNanos() < openFor.toNanos()) {
                return new SlotAdvance.NotYet();
              }
              if (database.messages().values().stream().anyMatch(m -> m.slot() == next)
                  || database.batches().keySet().stream().anyMatch(key -> key.slot() == next)) {
                return new SlotAdvance.Full(next);
              }
              database.moveTo(next);
              return new SlotAdvance.Moved(next);
            }));
  }

  @Override
  public int retire(int slot, int streamsMax) {
    return database.run(
        new Reading<>(
            "streams.retire",
            () -> {
              Map<Long, Long> newest = new HashMap<>();
              database.messages().values().stream()
                  .filter(message -> message.slot() == slot)
                  .forEach(message -> newest.merge(message.stream(), message.id(), Math::max));
              var raised = 0;
              for (var row : database.streams().values()) {
                var floor = newest.getOrDefault(row.id, 0L);
                if (raised < streamsMax
                    && floor > row.trimmedThrough
                    && !database.has(Quirk.TRUNCATE_WITHOUT_FLOOR)) {
                  row.trimmedThrough = floor;
                  raised++;
                }
              }
              return raised;
            }));
  }

  @Override
  public boolean truncate(int slot, Duration patience) {
    return database.run(
        new Reading<>(
            "outbound_messages.truncate",
            () -> {
              if (slot == database.slot()) {
                throw MemoryDatabase.refused("slot " + slot + " is being written");
              }
              if (!database.has(Quirk.TRUNCATE_WITHOUT_FLOOR) && isNeeded(slot)) {
                return false;
              }
              database.messages().values().removeIf(message -> message.slot() == slot);
              database.batches().keySet().removeIf(key -> key.slot() == slot);
              return true;
            }));
  }

  private boolean isNeeded(int slot) {
    return database.messages().values().stream()
        .filter(message -> message.slot() == slot)
        .anyMatch(message -> {
          var row = database.stream(message.stream());
          return row != null && message.id() > row.trimmedThrough;
        });
  }

  @Override
  public int forget(Duration age, int rowsMax) {
    return 0;
  }
}
