package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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
  public List<Optional<Slots.Kept>> trim(List<StreamStore.Wanted> wanted, int keep) {
    return database.run(
        new Reading<>(
            "streams.trim",
            () ->
                wanted.stream()
                    .map(each -> trimmed(each, keep, database.isLocked(each.stream().value())))
                    .toList()));
  }

  @Override
  public Optional<Slots.Kept> trim(StreamStore.Wanted wanted, int keep) {
    return database.run(
        new MemoryStreams.Locking<>(
            "streams.trim", wanted.stream(), () -> trimmed(wanted, keep, false)));
  }

  private Optional<Slots.Kept> trimmed(StreamStore.Wanted wanted, int keep, boolean isLocked) {
    var row = database.stream(wanted.stream().value());
    if (row == null || row.session != wanted.session().value()) {
      return Optional.empty();
    }
    var kept = database.messages(row.id, row.trimmedThrough);
    var tooMany = kept.size() > keep;
    if (tooMany && !isLocked) {
      row.trimmedThrough = kept.get(kept.size() - keep - 1).id();
    }
    var newest = kept.isEmpty() ? 0 : kept.getLast().id();
    return Optional.of(new Slots.Kept(newest, database.slot(), tooMany && isLocked));
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
  public long retire(int slot, long after, int streamsMax) {
    return database.run(
        new Reading<>(
            "streams.retire",
            () -> {
              var newest = new TreeMap<Long, Long>();
              database.messages().values().stream()
                  .filter(message -> message.slot() == slot && message.stream() > after)
                  .forEach(message -> newest.merge(message.stream(), message.id(), Math::max));
              var last = 0L;
              for (var each : newest.entrySet().stream().limit(streamsMax).toList()) {
                var row = database.stream(each.getKey());
                if (row != null && !database.has(Quirk.TRUNCATE_WITHOUT_FLOOR)) {
                  row.trimmedThrough = Math.max(row.trimmedThrough, each.getValue());
                }
                last = each.getKey();
              }
              return last;
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
