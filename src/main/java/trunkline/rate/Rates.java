package trunkline.rate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.jsonrpc.RateLimited;
import trunkline.jsonrpc.RpcException;
import trunkline.rate.Bucket.Turn;
import trunkline.signal.Step;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Lets calls pass as often as they may, counted over all instances. The promises are in the
/// package's documentation.
public final class Rates implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(200);

  /// Portions that one call waits for, where others take what comes.
  private static final int WAITS_MAX = 3;

  /// For what is never let through; somebody may change that.
  private static final Duration NEVER = Duration.ofMinutes(1);

  private record Heard(long number, RateSettings settings) {}

  private final LimitRows limits;
  private final BucketRows rows;
  private final RatePolicy options;
  private final IntSupplier instances;
  private final EventSink events;
  private final Leases leases;
  private final Buckets buckets = new Buckets();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<Heard> heard;

  /// @param options what counts where no row says otherwise
  /// @param instances how many live, this one included, as last seen
  public Rates(Database database, RatePolicy options, IntSupplier instances, EventSink events) {
    this.limits = new LimitRows(database);
    this.rows = new BucketRows(database);
    this.options = options;
    this.instances = instances;
    this.events = events;
    this.leases = new Leases(rows, events);
    this.heard = new AtomicReference<>(new Heard(0, new RateSettings(options, Map.of())));
  }

  /// Reads the limits again whenever one was set or cleared.
  public void listen(Announcements announcements) {
    announcements.on(AnnouncementKind.RATES_CHANGED, _ -> refresh());
  }

  /// Reads the limits.
  public void start() {
    var number = reads.incrementAndGet();
    keep(number, limits.read());
  }

  /// Forgets what it took, and reads the limits anew: for an instance that has registered anew,
  /// perhaps in a database that was restored or swapped.
  public void restart() {
    buckets.forgetAll();
    refresh();
  }

  private void refresh() {
    var number = reads.incrementAndGet();
    var _ = limits.submitRead().thenAccept(read -> keep(number, read));
  }

  /// A read that began later has seen at least as much, whichever answer comes first.
  private void keep(long number, Map<BucketKey, Optional<RateLimit>> read) {
    heard.accumulateAndGet(
        new Heard(number, new RateSettings(options, read)),
        (former, latest) -> latest.number() > former.number() ? latest : former);
  }

  /// Lets a request pass that is no call of a tool.
  ///
  /// @throws RpcException when its principal has made too many
  /// @throws InterruptedException when the request is cancelled meanwhile
  public void admit(String principal) throws InterruptedException {
    if (!heard.get().settings().isEmpty()) {
      var _ = take(BucketKey.ofPrincipal(principal));
    }
  }

  /// Lets a call of a tool pass.
  ///
  /// @throws RpcException when there were too many, with the limit that was reached; what the
  ///   others had granted is given back
  /// @throws InterruptedException when the request is cancelled meanwhile
  public void admit(String principal, String tool) throws InterruptedException {
    if (heard.get().settings().isEmpty()) {
      return;
    }
    var keys =
        List.of(
            BucketKey.ofPrincipal(principal),
            BucketKey.ofBoth(principal, tool),
            BucketKey.ofTool(tool));
    var taken = new @Nullable Bucket[keys.size()];
    var passed = false;
    try {
      for (var i = 0; i < taken.length; i++) {
        taken[i] = take(keys.get(i));
      }
      passed = true;
    } finally {
      for (var bucket : taken) {
        if (!passed && bucket != null) {
          bucket.untake();
        }
      }
    }
  }

  /// @return where the token came from, if it came from there
  private @Nullable Bucket take(BucketKey key) throws InterruptedException {
    var limit = heard.get().settings().of(key).orElse(null);
    if (limit == null) {
      return null;
    }
    if (limit.amount() == 0) {
      throw refusal(key, limit, NEVER);
    }
    var waits = 0;
    while (true) {
      var now = Clockwork.nanos();
      var bucket = buckets.of(key, limit, now);
      switch (bucket.take(limit, leases.isAway(), now)) {
        case Turn.Taken(var ask) -> {
          leases.ask(bucket, ask);
          return bucket;
        }
        case Turn.Refused(var after) -> throw refusal(key, limit, after);
        case Turn.Alone(var ask) -> {
          leases.ask(bucket, ask);
          takeAlone(bucket, limit);
          return null;
        }
        case Turn.Waiting(var settled, var askedNanos, var ask) -> {
          leases.ask(bucket, ask);
          if (++waits > WAITS_MAX) {
            throw refusal(key, limit, WAIT);
          }
          if (!isSettled(settled, askedNanos + WAIT.toNanos() - now)) {
            leases.miss("no portion within " + WAIT.toMillis() + " ms");
          }
        }
        case Turn.Forgotten() -> {}
      }
    }
  }

  private void takeAlone(Bucket bucket, RateLimit limit) {
    var after = bucket.takeAlone(Math.max(1, instances.getAsInt()), Clockwork.nanos());
    if (!after.isZero()) {
      throw refusal(bucket.key(), limit, after);
    }
  }

  private static boolean isSettled(CompletableFuture<@Nullable Void> settled, long nanos)
      throws InterruptedException {
    try {
      var _ = settled.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody fails it
    }
  }

  private RpcException refusal(BucketKey key, RateLimit limit, Duration after) {
    var name = key.scope().limit();
    events.emit(new ServerEvent.LimitReached(name));
    return RateLimited.reached(
        name,
        "too many calls: %s may have %s; try again in %d ms"
            .formatted(key.scope().whose(), limit.inWords(), after.toMillis()),
        after);
  }

  /// For the upkeep: makes up for an announcement that was read too late.
  public Step reread() {
    start();
    return Step.whole(0);
  }

  /// For the upkeep: gives back what nobody has wanted for a while. Asks nothing where there is
  /// nothing.
  public Step giveBackIdle() {
    var now = Clockwork.nanos();
    buckets.all().forEach(bucket -> leases.ask(bucket, bucket.idle(now)));
    buckets.forgetOld(now);
    return Step.whole(0);
  }

  /// For the clean-up: removes buckets that are full.
  public Step sweep(int rowsMax) {
    return Step.upTo(rowsMax, rows.forget(rowsMax));
  }

  /// Gives everything back, if the database is there.
  @Override
  public void close() {
    if (!leases.isAway()) {
      var now = Clockwork.nanos();
      buckets.all().forEach(bucket -> leases.ask(bucket, bucket.giveBack(now)));
    }
    leases.close();
  }
}
