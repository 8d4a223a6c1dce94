package trunkline.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.ServerEvent.*;

/// Events as numbers. Names and tags are API: dashboards and alerts are built on them.
///
/// One registry per server, so that several servers in one process do not add up.
public final class Meters implements EventSink, AutoCloseable {
  /// The upper bounds by which durations are counted; of whatever takes longer there is one more.
  public static final List<Duration> BUCKETS =
      List.of(
          Duration.ofMillis(1),
          Duration.ofMillis(2),
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(25),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  private static final String LISTENER_LOST = "trunkline.listener.lost";
  private static final String CANARY_MISSED = "trunkline.canary.missed";
  private static final String DECLARED_DEAD = "trunkline.instances.declared.dead";
  private static final String PENDING_ANSWERED = "trunkline.pending.answered";
  private static final String PENDING_LATE = "trunkline.pending.late";
  private static final String PENDING_EXPIRED = "trunkline.pending.expired";
  private static final String SPANS_DROPPED = "trunkline.traces.spans.dropped";

  /// Counters registered early, so that an alert on their increase sees the first one.
  private static final List<String> FROM_THE_START =
      List.of(
          LISTENER_LOST,
          CANARY_MISSED,
          DECLARED_DEAD,
          PENDING_ANSWERED,
          PENDING_LATE,
          PENDING_EXPIRED,
          SPANS_DROPPED);

  /// The values read on each scrape, because no event reports their change.
  public enum Watched {
    TENURE_LEFT("trunkline.tenure.left.seconds", "how long this instance may trust its lease"),
    POOL_ACTIVE("trunkline.pool.active", "database connections at work"),
    POOL_IDLE("trunkline.pool.idle", "database connections at rest"),
    POOL_WAITING("trunkline.pool.waiting", "threads that wait for a database connection"),
    UNDELIVERED_AGE(
        "trunkline.messages.undelivered.age.seconds",
        "how long the oldest message waits that was seen and has not reached its connection"),
    STREAMS_HELD("trunkline.streams.held", "client connections here"),
    LISTENS_HELD(
        "trunkline.listens.held",
        "clients without a session (2026-07-28) that listen for changes here"),
    MEMORY_USED("trunkline.memory.used.bytes", "what requests hold of the memory for all"),
    MEMORY_MAX("trunkline.memory.max.bytes", "what they may hold: --memory-share of the heap"),
    DRAINING("trunkline.instance.draining", "1 while it serves nobody, drained or leaving; else 0"),
    CERTIFICATE_LEFT(
        "trunkline.tls.certificate.left.seconds",
        "until the certificate of the listener runs out; only where it speaks TLS"),
    CALLS_RUNNING("trunkline.calls.running", "calls that this instance executes");

    private final String meter;
    private final String meaning;

    Watched(String meter, String meaning) {
      this.meter = meter;
      this.meaning = meaning;
    }
  }

  private final MeterRegistry registry;
  private final boolean own;
  private final AtomicLong sessions = gauge("trunkline.sessions.open", "living, in the cluster");
  private final AtomicLong instances =
      gauge("trunkline.instances.alive", "whose lease has not run out, this one included");
  private final Map<String, Counter> begun = new ConcurrentHashMap<>();
  private final Map<String, Timer> ended = new ConcurrentHashMap<>();
  private final Counter published = counter("trunkline.messages.published");
  private final Counter refused = counter("trunkline.messages.refused");
  private final Counter delivered = counter("trunkline.messages.delivered");
  private final Counter replayed = counter("trunkline.messages.replayed");
  private final Counter unreadable = counter("trunkline.wakeups.unreadable");
  private final Counter found = counter("trunkline.sweep.found");
  private final DistributionSummary batch = summary("trunkline.publish.batch.messages");
  private final Timer publish = timer("trunkline.publish", "queue and commit of a batch");
  private final Timer socket = timer("trunkline.delivery", "storing to socket, of a page's oldest");
  private final Timer lookUp = timer("trunkline.session.lookup", "with the wait for its batch");
  private final Timer canary = timer("trunkline.canary.roundtrip", "NOTIFY to ourselves");
  private final Timer beat = timer("trunkline.heartbeat", "round trip of a beat");

  public Meters() {
    this(Prometheus.registry(), true);
  }

  /// In a registry of the program's own, which serves one server.
  public Meters(MeterRegistry registry) {
    this(registry, false);
  }

  private Meters(MeterRegistry registry, boolean own) {
    this.registry = registry;
    this.own = own;
    super(); // the fields below are made of it
    FROM_THE_START.forEach(registry::counter);
  }

  public void watch(Watched what, DoubleSupplier value) {
    Gauge.builder(what.meter, value::getAsDouble).description(what.meaning).register(registry);
  }

  /// Everything as Prometheus text; empty where Prometheus' registry is not on the class path.
  public Optional<String> scrape() {
    return Prometheus.text(registry);
  }

  @Override
  public void emit(ServerEvent event) {
    switch (event) {
      case Warning warning -> count(warning);
      case Notice notice -> count(notice);
      case Routine routine -> count(routine);
      case Traffic traffic -> count(traffic);
    }
  }

  private void count(Warning event) {
    switch (event) {
      case SpansDropped(var spans, _) -> add(SPANS_DROPPED, spans);
      case ListenerLost _ -> count(LISTENER_LOST);
      case CanaryMissed _ -> count(CANARY_MISSED);
      case WakesDropped(var wakes, _) -> add("trunkline.wakeups.dropped", wakes);
      case DatabaseRestored _ -> count("trunkline.database.restored");
      case HeartbeatFailed _ -> count("trunkline.heartbeat.failed");
      case InstanceFenced _ -> count("trunkline.instances.fenced");
      case TenureEnded _ -> count("trunkline.tenure.ended");
      case InstanceDeclaredDead _ -> count(DECLARED_DEAD);
      case RowSetAside(var table, _, _) -> count("trunkline.rows.set.aside", "table", table);
      case SweepFailed(var sweep, _) -> count("trunkline.sweeps.failed", "sweep", sweep);
      case SessionRefused _ -> count("trunkline.sessions.refused");
      case AnnouncementsMissed _ -> count("trunkline.announcements.missed");
      case ControlUnfit _ -> count("trunkline.control.unfit");
      case RightLacking _ -> count("trunkline.rights.lacking");
      case OutboxRowRefused _ -> count("trunkline.outbox.refused");
      case AnnouncementsRewound _ -> count("trunkline.announcements.rewound");
      case HandlerFailed _ -> count("trunkline.handlers.failed");
      case VisibilityUnknown _ -> count("trunkline.visibility.unknown");
      case ConnectionCut _ -> count("trunkline.connections.cut");
      case SlotBlocked _ -> count("trunkline.slots.blocked");
      case AuditDelayed _ -> count("trunkline.audit.delayed");
      case AuditLost(var records, _) -> add("trunkline.audit.lost", records);
      case AuditSlotBlocked(var slots) -> add("trunkline.audit.slots.blocked", slots);
      case GapTold _ -> count("trunkline.gaps.told");
      case CallOrphaned(_, _, var calls) -> add("trunkline.calls.orphaned", calls);
      case QuestionsAbandoned(var questions) -> add("trunkline.pending.abandoned", questions);
      case TaskOrphaned _ -> count("trunkline.tasks.orphaned");
      case CallFailed _ -> count("trunkline.calls.failed");
      case SealKeysUnread _ -> count("trunkline.seal.keys.unread");
      case IssuerAway _ -> count("trunkline.issuers.away");
      case CertificateUnread _ -> count("trunkline.tls.certificate.unread");
      case RatesAlone _ -> count("trunkline.rates.alone");
      case ApiKeysUnread _ -> count("trunkline.api.keys.unread");
      case DatabaseDoubtful _,
          DatabaseBusy _,
          IdBaseRaised _,
          AnnouncementsUnread _,
          AnnouncementSkipped _,
          OutboxStuck _,
          CertificateExpiring _,
          CallNotStreamed _ -> {} // once in a while, and in the log
    }
  }

  private void count(Notice event) {
    switch (event) {
      case ListenerConnected _ -> count("trunkline.listener.connected");
      case WakeModeChanged(_, var mode, _) -> count("trunkline.wakemode.changed", "mode", mode);
      case SessionOpened(_, var revision) ->
          count("trunkline.sessions.opened", "revision", revision);
      case SessionEnded(_, var reason) -> count("trunkline.sessions.ended", "reason", reason);
      case StreamOpened _ -> count("trunkline.streams.opened");
      case StreamClosed(_, _, _, _, var reason) ->
          count("trunkline.streams.closed", "reason", reason);
      case ListenOpened _ -> count("trunkline.listens.opened");
      case ListenClosed(_, _, var reason) -> count("trunkline.listens.closed", "reason", reason);
      case CallCancelled _ -> count("trunkline.calls.cancelled");
      case TaskStarted _ -> count("trunkline.tasks.started");
      case OperatorActed acted -> count("trunkline.operator.actions", "action", acted.action());
      case TaskEnded(_, var status) -> count("trunkline.tasks.ended", "status", status);
      case CertificateRead _ -> count("trunkline.tls.certificate.read");
      case InstanceRegistered _,
          InstanceDraining _,
          InstanceDrained _,
          InstanceUndrained _,
          InstanceLeft _ -> {} // once in a while, and in the log
    }
  }

  private void count(Routine event) {
    switch (event) {
      case Swept(var sweep, var rows) -> swept(sweep, rows);
      case Announced(var written) -> add("trunkline.announcements.written", written);
      case OutboxMoved(var moved, var dropped) -> outbox(moved, dropped);
      case LimitReached(var limit) -> count("trunkline.limits.reached", "limit", limit);
      case RequestRefused(var status) ->
          count("trunkline.requests.refused", "status", Integer.toString(status));
      case IssuerKeysRead _ -> count("trunkline.issuers.keys.read");
      case HandshakeFailed(var reason) ->
          count("trunkline.tls.handshakes.failed", "reason", reason);
      case StreamDismissed _ -> count("trunkline.streams.dismissed");
      case SessionsForgotten _ -> count("trunkline.session.cache.lost");
      case SealRefused(var reason) -> count("trunkline.seals.refused", "reason", reason);
      case MemoryAwaited _ -> count("trunkline.memory.awaited");
      case MemoryRefused _ -> count("trunkline.memory.refused");
      case RequestFailed _ -> count("trunkline.requests.failed");
      case SlotAdvanced _ -> count("trunkline.slots.advanced");
      case FoundBySweep(var streams, _) -> found.increment(streams);
      case ClientAsked(_, _, var method) -> count("trunkline.pending.asked", "method", method);
      case ClientAnswered _ -> count(PENDING_ANSWERED);
      case AnswerUnwanted _ -> count(PENDING_LATE);
      case QuestionVoided(var outcome) ->
          count(outcome.equals("expired") ? PENDING_EXPIRED : "trunkline.pending.cancelled");
    }
  }

  private void count(Traffic event) {
    switch (event) {
      case CanaryReturned(_, var micros) -> canary.record(micros, TimeUnit.MICROSECONDS);
      case RatesLeased(var buckets) -> leased(buckets);
      case StatementBusy(var statement) -> count("trunkline.database.busy", "statement", statement);
      case WakesSent(_, var wakes) -> add("trunkline.wakeups.sent", wakes);
      case WakesHeard(var wakes) -> rung("notify", wakes);
      case WakesRungHere(var wakes) -> rung("here", wakes);
      case WakesUnreadable(var words) -> unreadable.increment(words);
      case InstanceBeat(_, var micros) -> beat.record(micros, TimeUnit.MICROSECONDS);
      case InstancesSeen(var living) -> instances.set(living);
      case SessionLookedUp(var found, var micros) -> lookedUp(found, micros);
      case SessionsRemembered(var requests) -> remembered(requests);
      case SessionsCounted(var living) -> sessions.set(living);
      case AuditWritten(var records) -> add("trunkline.audit.written", records);
      case AnnouncementsPassedOver(var rows) -> add("trunkline.announcements.skipped", rows);
      case AnnouncementsHeard(var heard) -> add("trunkline.announcements.heard", heard);
      case RequestBegun(var revision) ->
          begun.computeIfAbsent(revision, this::requests).increment();
      case RequestEnded(var outcome, _, var micros) ->
          ended.computeIfAbsent(outcome, this::duration).record(micros, TimeUnit.MICROSECONDS);
      case MessagesPublished(var stored, var rejected, var nanos) ->
          published(stored, rejected, nanos);
      case MessagesDelivered(_, var messages, var again, var micros) ->
          delivered(messages, again, micros);
    }
  }

  private Counter requests(String revision) {
    return registry.counter("trunkline.requests", "revision", revision);
  }

  private void published(int stored, int rejected, long nanos) {
    published.increment(stored);
    refused.increment(rejected);
    batch.record(stored + rejected);
    publish.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// Replayed messages are delivered as well.
  private void delivered(int messages, boolean again, long micros) {
    delivered.increment(messages);
    if (again) {
      replayed.increment(messages);
    } else {
      socket.record(micros, TimeUnit.MICROSECONDS);
    }
  }

  private void lookedUp(boolean known, long micros) {
    lookUp.record(micros, TimeUnit.MICROSECONDS);
    var tags = List.of(Tag.of("source", "database"), Tag.of("found", Boolean.toString(known)));
    registry.counter("trunkline.session.lookups", tags).increment();
  }

  private void remembered(long requests) {
    var tags = List.of(Tag.of("source", "memory"), Tag.of("found", "true"));
    registry.counter("trunkline.session.lookups", tags).increment((double) requests);
  }

  private void swept(String sweep, int rows) {
    registry.counter("trunkline.swept.rows", "sweep", sweep).increment(rows);
  }

  private void leased(int buckets) {
    count("trunkline.rates.statements");
    add("trunkline.rates.portions", buckets);
  }

  private void rung(String way, int wakes) {
    registry.counter("trunkline.wakeups.rung", "way", way).increment(wakes);
  }

  private void outbox(int moved, int dropped) {
    add("trunkline.outbox.moved", moved);
    add("trunkline.outbox.dropped", dropped);
  }

  private void count(String name, String... tags) {
    registry.counter(name, tags).increment();
  }

  private void add(String name, int amount) {
    registry.counter(name).increment(amount);
  }

  private Counter counter(String name) {
    return registry.counter(name);
  }

  private DistributionSummary summary(String name) {
    return DistributionSummary.builder(name).register(registry);
  }

  private Timer duration(String outcome) {
    return timer("trunkline.requests.duration", "from a request's begin to its answer", outcome);
  }

  private Timer timer(String name, String meaning) {
    return timer(name, meaning, null);
  }

  private Timer timer(String name, String meaning, @Nullable String outcome) {
    return Timer.builder(name)
        .tags(outcome == null ? List.of() : List.of(Tag.of("outcome", outcome)))
        .description(meaning)
        .serviceLevelObjectives(BUCKETS.toArray(Duration[]::new))
        .register(registry);
  }

  private AtomicLong gauge(String name, String meaning) {
    var value = new AtomicLong();
    Gauge.builder(name, value, AtomicLong::doubleValue).description(meaning).register(registry);
    return value;
  }

  /// Takes what is ours out of a registry that is not.
  @Override
  public void close() {
    if (own) {
      registry.close();
      return;
    }
    registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("trunkline."))
        .forEach(registry::remove);
  }
}
