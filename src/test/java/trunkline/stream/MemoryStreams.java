package trunkline.stream;

import static java.util.Comparator.comparingLong;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Member;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.MemoryDatabase.Stream;
import trunkline.simulation.Quirk;
import trunkline.simulation.Situation;

/// [StreamRows] in memory, without moves.
final class MemoryStreams implements StreamStore {
  private static final Set<String> SENT_AWAY =
      Set.of("slow", "database away", "drained", "released", "migrated");

  private final MemoryDatabase database;

  MemoryStreams(MemoryDatabase database) {
    this.database = database;
  }

  /// A statement that waits for one stream's row.
  record Locking<T>(String name, StreamId stream, Supplier<T> work) implements Statement<T> {
    @Override
    public Set<Long> locked() {
      return Set.of(stream.value());
    }

    @Override
    public T commit() {
      return work.get();
    }
  }

  @Override
  public Optional<ClaimRow> claim(Wanted wanted) {
    return database.run(
        new Locking<>(
            "streams.claim",
            wanted.stream(),
            () ->
                Optional.ofNullable(database.stream(wanted.stream().value()))
                    .filter(row -> row.session == wanted.session().value())
                    .filter(row ->
                        wanted.heldEpoch() == null
                            || (row.holderEpoch == wanted.heldEpoch() && row.holder == null))
                    .map(row -> claimed(row, wanted.from(), wanted.instance()))));
  }

  @Override
  public List<Optional<ClaimRow>> claim(List<Wanted> wanted) {
    return database.run(
        new Reading<>(
            "streams.claim",
            () -> {
              var seen = new HashSet<StreamId>();
              return wanted.stream()
                  .map(each ->
                      Optional.ofNullable(database.stream(each.stream().value()))
                          .filter(row -> row.session == each.session().value())
                          .filter(row -> !database.isLocked(row.id) && seen.add(each.stream()))
                          .map(row -> claimed(row, each.from(), each.instance())))
                  .toList();
            }));
  }

  private ClaimRow claimed(Stream row, @Nullable EventId from, InstanceId instance) {
    var place = from == null ? null : known(row, from);
    var verdict = from == null ? Verdict.GRANTED : verdict(row, from, place);
    var former = row.holder == null ? null : new InstanceId(row.holder);
    var formerEpoch = row.holderEpoch;
    var formerSettled = row.settled;
    var granted = verdict == Verdict.GRANTED || verdict == Verdict.LOST;
    if (granted) {
      row.settled = from != null || (row.holder == null && row.settled);
      row.holder = instance.value();
      if (!database.has(Quirk.CLAIM_WITHOUT_EPOCH)) {
        row.holderEpoch = Math.max(row.holderEpoch, database.epochFloor()) + 1;
      }
      row.closeReason = null;
      if (place != null) {
        row.own = place.own();
        row.announcement = place.announcement();
      }
      if (row.settled) {
        row.positionEpoch = row.holderEpoch;
      }
    }
    return new ClaimRow(
        verdict,
        row.standalone,
        granted ? row.holderEpoch : 0,
        former,
        formerEpoch,
        verdict == Verdict.LOST ? place : null,
        formerSettled,
        !granted || row.settled,
        granted && from == null && row.settled
            ? new EventId(new StreamId(row.id), row.own, row.announcement)
            : null,
        row.finished,
        row.trimmedThrough);
  }

  /// A place is a message of the stream, its floor, or the start: any other is of a lost future.
  /// Null where the announcement is not known and nothing takes its place.
  private @Nullable EventId known(Stream row, EventId from) {
    var own = from.own();
    if (own > row.trimmedThrough) {
      own = row.trimmedThrough;
      for (var message : database.messages(row.id, own)) {
        if (message.id() <= from.own()) {
          own = message.id();
        }
      }
    }
    var announcement = from.announcement();
    if (announcement > database.lastNotice()) {
      if (!row.standalone) {
        return null;
      }
      announcement = database.noticeFloor();
    }
    if (from.own() > own) {
      announcement = Math.max(announcement, database.noticeFloor());
    }
    return new EventId(from.stream(), own, announcement);
  }

  private Verdict verdict(Stream row, EventId from, @Nullable EventId place) {
    if (row.standalone) {
      if (place == null
          || (from.own() <= place.own() && from.announcement() <= place.announcement())) {
        return Verdict.GRANTED;
      }
      database.note(Situation.S17);
      return Verdict.LOST;
    }
    if (from.own() > database.lastEvent() || place == null) {
      return Verdict.FUTURE;
    }
    return from.own() > place.own() || from.own() < row.trimmedThrough
        ? Verdict.GAP
        : Verdict.GRANTED;
  }

  @Override
  public List<Unattended> unattended(Collection<Holding> parked) {
    return database.run(
        new Reading<>(
            "streams.unattended",
            () ->
                parked.stream()
                    .sorted(
                        comparingLong((Holding one) -> one.stream().value())
                            .thenComparing(comparingLong(Holding::epoch).reversed()))
                    .flatMap(one -> free(one).stream())
                    .toList()));
  }

  private Optional<Unattended> free(Holding parked) {
    var row = database.stream(parked.stream().value());
    if (row == null
        || row.holder != null
        || row.closeReason == null
        || row.closeReason.equals("ended")) {
      return Optional.empty();
    }
    var millis =
        (SENT_AWAY.contains(row.closeReason) ? 5_000 : 0)
            + 400 * Math.min(Math.max(row.holderEpoch - parked.epoch() - 1, 0), 2);
    return row.closedNanos + TimeUnit.MILLISECONDS.toNanos(millis) <= database.nanos()
        ? Optional.of(new Unattended(parked.stream(), parked.epoch(), row.holderEpoch))
        : Optional.empty();
  }

  @Override
  public boolean awaitsLastWord(StreamId stream, long epoch, @Nullable InstanceId former) {
    return database.run(
        new Reading<>(
            "streams.awaits_last_word",
            () -> {
              var row = database.stream(stream.value());
              var awaited =
                  row != null
                      && row.holderEpoch == epoch
                      && !row.settled
                      && database.members().values().stream()
                          .filter(member -> former == null || member.id == former.value())
                          .anyMatch(database::isAlive);
              if (awaited) {
                database.note(Situation.S10);
              }
              return awaited;
            }));
  }

  @Override
  public Optional<EventId> settle(StreamId stream, long epoch) {
    return database.run(
        new Locking<>(
            "streams.settle",
            stream,
            () -> {
              var row = database.stream(stream.value());
              if (row == null || row.holderEpoch != epoch) {
                return Optional.<EventId>empty();
              }
              row.settled = true;
              row.positionEpoch = epoch;
              return Optional.of(new EventId(stream, row.own, row.announcement));
            }));
  }

  @Override
  public List<Boolean> write(List<Position> positions) {
    return database.run(
        new Reading<>(
            "streams.position",
            () -> {
              var words = new HashMap<Long, List<Position>>();
              for (var position : positions) {
                words
                    .computeIfAbsent(position.holding().stream().value(), _ -> new ArrayList<>())
                    .add(position);
              }
              words.forEach((stream, said) -> {
                var row = database.stream(stream);
                if (row != null && !database.isLocked(stream)) {
                  write(row, said);
                }
              });
              return positions.stream()
                  .map(position -> !database.isLocked(position.holding().stream().value()))
                  .toList();
            }));
  }

  /// What was said of one holding, put together.
  private static final class Word {
    long own = -1;
    long announcement = -1;
    @Nullable String closed;
  }

  private void write(Stream row, List<Position> said) {
    Map<Long, Word> words = new HashMap<>();
    for (var position : said) {
      var word = words.computeIfAbsent(position.holding().epoch(), _ -> new Word());
      var cursor = position.cursor();
      if (cursor != null) {
        word.own = Math.max(word.own, cursor.own());
        word.announcement = Math.max(word.announcement, cursor.announcement());
      }
      var closed = position.closed();
      if (closed != null && (word.closed == null || word.closed.compareTo(closed.wire()) < 0)) {
        word.closed = closed.wire();
      }
    }
    var heldEpoch = row.holderEpoch;
    words.entrySet().stream()
        .filter(each -> counts(row, each.getKey(), each.getValue()))
        .max(Map.Entry.comparingByKey())
        .ifPresent(each -> note(row, each.getKey(), each.getValue()));
    var close = words.get(heldEpoch);
    if (close != null && close.closed != null && row.holder != null) {
      row.holder = null;
      row.closedNanos = database.nanos();
      row.closeReason = close.closed;
    }
  }

  private boolean counts(Stream row, long epoch, Word word) {
    if (word.own < 0) {
      return false;
    }
    if (database.has(Quirk.RELEASE_WITHOUT_EPOCH)) {
      return true;
    }
    return epoch >= row.positionEpoch
        && (epoch == row.holderEpoch
            || (epoch < row.holderEpoch && word.closed != null && !row.settled));
  }

  private void note(Stream row, long epoch, Word word) {
    var same = epoch == row.positionEpoch;
    row.own = same ? Math.max(word.own, row.own) : word.own;
    row.announcement = same ? Math.max(word.announcement, row.announcement) : word.announcement;
    row.positionEpoch = epoch;
    row.settled |= epoch < row.holderEpoch;
  }

  @Override
  public boolean isFinished(StreamId stream) {
    return database.run(
        new Reading<>(
            "streams.is_finished",
            () -> {
              var row = database.stream(stream.value());
              return row == null || row.finished;
            }));
  }

  @Override
  public boolean mayBeLost(Optional<Instant> goneAt) {
    return true;
  }

  @Override
  public List<Released> releaseLost(int max) {
    return database.run(
        new Reading<>(
            "streams.release_lost",
            () -> {
              var released = new ArrayList<Released>();
              for (var row : database.streams().values()) {
                var holder = row.holder == null ? null : database.members().get(row.holder);
                if (holder != null
                    && !holder.isPresent()
                    && !database.isLocked(row.id)
                    && released.size() < max) {
                  released.add(release(row, holder));
                }
              }
              return released;
            }));
  }

  private Released release(Stream row, Member holder) {
    var reason = holder.dead ? CloseReason.FENCED : CloseReason.DRAINED;
    row.holder = null;
    row.closedNanos = database.nanos();
    row.closeReason = reason.wire();
    return new Released(holding(row), new InstanceId(holder.id), reason);
  }

  @Override
  public List<Holding> unheld(InstanceId instance, Set<Holding> held, int max) {
    return database.run(
        new Reading<>(
            "streams.said_held",
            () ->
                database.streams().values().stream()
                    .filter(row -> row.holder != null && row.holder == instance.value())
                    .map(MemoryStreams::holding)
                    .filter(holding -> !held.contains(holding))
                    .limit(max)
                    .toList()));
  }

  private static Holding holding(Stream row) {
    return new Holding(new SessionKey(row.session), new StreamId(row.id), row.holderEpoch);
  }

  @Override
  public List<Move> moves(InstanceId instance) {
    return List.of();
  }

  @Override
  public int forgetMoves(int max) {
    return 0;
  }

  @Override
  public void publish(List<ConnectionChange> changes) {}
}
