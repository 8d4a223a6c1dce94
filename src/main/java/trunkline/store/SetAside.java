package trunkline.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The rows of a table that nobody can deal with: they do not hold what a release writes. Each is
/// left alone and named once, so that the others of its sweep go on, and is tried again after a
/// while: somebody may have mended it.
///
/// CHECK constraints keep such rows out; this is for those that came before them, and for what
/// nobody has thought of.
public final class SetAside {
  private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  /// Somebody who breaks more rows than that knows it.
  private static final int NAMED_MAX = 1_000;

  private final String table;
  private final EventSink events;
  private final Map<Long, Long> untilNanos = new ConcurrentHashMap<>();
  private final Set<Long> named = ConcurrentHashMap.newKeySet();

  public SetAside(String table, EventSink events) {
    this.table = table;
    this.events = events;
  }

  private List<Long> keys() {
    var now = Clockwork.nanos();
    untilNanos.values().removeIf(until -> now - until >= 0);
    return List.copyOf(untilNanos.keySet());
  }

  /// Runs a statement over the first rows by their key; when the database refuses it, over one
  /// after the other, and whoever is first then is set aside.
  ///
  /// @param key of a row that the statement dealt with
  /// @param statement is given the number of rows and those that it has to leave out
  /// @param first the row that it would take first, of all but those
  public <T> List<T> run(
      int max,
      ToLongFunction<? super T> key,
      BiFunction<Integer, List<Long>, List<T>> statement,
      Function<List<Long>, Optional<Long>> first) {
    var left = keys();
    try {
      return statement.apply(max, left);
    } catch (StatementRefused _) {
      return oneByOne(max, key, statement, first);
    }
  }

  /// A row that was dealt with may look as if it had to be once more: each has its turn once.
  private <T> List<T> oneByOne(
      int max,
      ToLongFunction<? super T> key,
      BiFunction<Integer, List<Long>, List<T>> statement,
      Function<List<Long>, Optional<Long>> first) {
    var done = new ArrayList<T>();
    var left = new ArrayList<>(keys());
    for (var i = 0; i < max; i++) {
      try {
        var one = statement.apply(1, left);
        if (one.isEmpty()) {
          break;
        }
        done.addAll(one);
        one.forEach(row -> left.add(key.applyAsLong(row)));
      } catch (StatementRefused e) {
        var refused = first.apply(left).orElseThrow(() -> e);
        put(refused, e);
        left.add(refused);
      }
    }
    return done;
  }

  /// Reads each row by itself.
  public <X, T> List<T> read(
      Collection<? extends X> rows, ToLongFunction<? super X> key, Function<? super X, T> reading) {
    var read = new ArrayList<T>();
    each(rows, key, row -> read.add(reading.apply(row)));
    return read;
  }

  /// Deals with each item by itself. A database that is away or busy, or that gives us no right, is
  /// no item's fault and ends it.
  public <X> void each(
      Collection<? extends X> items, ToLongFunction<? super X> key, Consumer<? super X> action) {
    for (var item : items) {
      try {
        action.accept(item);
      } catch (DatabaseUnavailable | DatabaseBusy | RightMissing | CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        put(key.applyAsLong(item), e);
      }
    }
  }

  private void put(long key, RuntimeException failure) {
    untilNanos.put(key, Clockwork.nanos() + AGAIN_NANOS);
    if (named.size() < NAMED_MAX && named.add(key)) {
      events.emit(new ServerEvent.RowSetAside(table, key, String.valueOf(failure.getMessage())));
    }
  }
}
