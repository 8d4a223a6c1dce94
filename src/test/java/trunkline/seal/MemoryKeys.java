package trunkline.seal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import trunkline.store.DatabaseUnavailable;

/// The keys as the functions of the migrations make and remove them, under a clock that the test
/// moves. [SealKeyRowsTest] asks the same of the database.
final class MemoryKeys {
  static final Duration MARGIN = Duration.ofMinutes(1);
  static final Duration USE = Duration.ofHours(24);
  static final Duration KEPT = Duration.ofDays(2);

  private static final Instant BEGUN = Instant.parse("2026-07-28T00:00:00Z");

  private record Row(UUID id, byte[] secret, Instant createdAt, Instant usableAt) {}

  private final Random random = new Random(1);
  private final List<Row> rows = new ArrayList<>();

  /// What all clocks show, of the database and of the instances.
  private Duration passed = Duration.ZERO;

  private int reads;

  MemoryKeys() {
    rotate();
  }

  /// What an instance sees of them.
  final class View implements KeySource {
    private boolean away;

    void cut() {
      away = true;
    }

    void heal() {
      away = false;
    }

    @Override
    public CompletableFuture<Optional<KeyRing>> read() {
      if (away) {
        return CompletableFuture.failedFuture(
            new DatabaseUnavailable("away, as the test wants it"));
      }
      reads++;
      if (rows.isEmpty()) {
        return CompletableFuture.completedFuture(Optional.empty());
      }
      var keys = rows.stream().map(row -> SealKey.of(row.id, row.secret, row.usableAt)).toList();
      return CompletableFuture.completedFuture(Optional.of(new KeyRing(keys, now(), nanos())));
    }

    @Override
    public int keep(int rowsMax) {
      requireThere();
      return MemoryKeys.this.keep();
    }

    @Override
    public Instant rotate() {
      requireThere();
      return MemoryKeys.this.rotate();
    }

    private void requireThere() {
      if (away) {
        throw new DatabaseUnavailable("away, as the test wants it");
      }
    }
  }

  Instant rotate() {
    var waiting =
        rows.stream()
            .filter(row -> row.usableAt.isAfter(now()))
            .max(Comparator.comparing(Row::usableAt));
    if (waiting.isPresent()) {
      return waiting.get().usableAt;
    }
    var secret = new byte[32];
    random.nextBytes(secret);
    var usableAt = rows.isEmpty() ? now() : now().plus(MARGIN);
    rows.add(new Row(new UUID(random.nextLong(), random.nextLong()), secret, now(), usableAt));
    return usableAt;
  }

  private int keep() {
    var before = rows.size();
    if (rows.stream().noneMatch(row -> row.createdAt.isAfter(now().minus(USE)))) {
      rotate();
    }
    var made = rows.size() - before;
    var replaced =
        rows.stream()
            .map(Row::usableAt)
            .filter(at -> at.isBefore(now().minus(KEPT)))
            .max(Comparator.naturalOrder());
    replaced.ifPresent(at -> rows.removeIf(row -> row.usableAt.isBefore(at)));
    return made + (before + made - rows.size());
  }

  void clear() {
    rows.clear();
  }

  Instant now() {
    return BEGUN.plus(passed);
  }

  /// The local clock of every instance; it began anywhere.
  long nanos() {
    return Long.MAX_VALUE - 7 + passed.toNanos();
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  int reads() {
    return reads;
  }

  int size() {
    return rows.size();
  }
}
