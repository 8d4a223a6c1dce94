package trunkline.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.cluster.Registration;
import trunkline.signal.Doorbell;
import trunkline.signal.Doorbells;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// This instance as one that remembers sessions: it acts on each change that is announced, says in
/// its row how far it has, and so keeps the licence to use what it remembers.
///
/// It joins when look-ups come so often that they cost more than listening does, and leaves when
/// they do not: an idle instance executes nothing, and nobody waits for it.
public final class Hearing implements AutoCloseable {
  /// How long what was heard may be trusted, from the start of the look that saw it.
  static final Duration LICENCE = Duration.ofSeconds(1);

  /// Twice in a licence, with room for a slow answer.
  static final Duration PAUSE = Duration.ofMillis(400);

  /// Sent by whoever waits until an instance has heard.
  static final Wake ASKED = new Wake(Topic.ANNOUNCEMENTS, 3);

  /// Sent by those who were asked.
  static final Wake HEARD = new Wake(Topic.ANNOUNCEMENTS, 4);

  private static final Duration RESTING = Duration.ofMinutes(1);
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long JUDGED_NANOS = Duration.ofSeconds(10).toNanos();

  /// So many look-ups in a second are worth joining: three times what listening costs.
  private static final int LOOK_UPS_MIN = 8;

  /// So many that were saved in ten seconds are worth staying.
  private static final long SAVED_MIN = JUDGED_NANOS / PAUSE.toNanos();

  private final SessionCache cache;
  private final HearingRows rows;
  private final Supplier<Registration> self;
  private final Waker waker;
  private final EventSink events;
  private final boolean on;
  private final Doorbell bell = new Doorbell();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicInteger lookUps = new AtomicInteger();
  private final Runnable deaf;
  private volatile long countedNanos = System.nanoTime();

  /// Moves with each number that this instance gets.
  private final AtomicInteger life = new AtomicInteger(1);

  /// The last announcement that was acted on; negative when that is not known.
  private volatile long heard = -1;

  /// The life in which this instance joined the hearers; 0 when it is not among them.
  private volatile int joined;

  /// Whether its row may say so.
  private volatile boolean listed;

  /// While it is not known whether it has left: a late one would undo a later joining.
  private boolean leaving;

  private volatile Runnable readLog = () -> {};
  private volatile @Nullable Loop loop;
  private long written;
  private long prefix;
  private long judgedNanos;
  private long saved;

  /// @param self our row, which changes when we are fenced
  /// @param on false: it never joins
  Hearing(
      SessionCache cache,
      HearingRows rows,
      Supplier<Registration> self,
      Doorbells doorbells,
      Waker waker,
      EventSink events,
      boolean on) {
    this.cache = cache;
    this.rows = rows;
    this.self = self;
    this.waker = waker;
    this.events = events;
    this.on = on;
    this.deaf = doorbells.listen(List.of(ASKED), this::ask);
  }

  /// Listens from now on.
  ///
  /// @param readLog reads what is new in the log; [#changed], [#missed] and [#heard] are called
  ///   before it returns
  public void start(Runnable readLog) {
    this.readLog = readLog;
    if (on) {
      loop = Loop.start("trunkline-hearing", bell, new Breath(), this::step, _ -> {});
    }
  }

  /// A session has ended or changed: the next request looks it up. Called in the log's order,
  /// before [#heard].
  public void changed(SessionKey session) {
    cache.evict(session);
  }

  /// Changes may have been missed.
  public void missed() {
    cache.empty();
  }

  /// Everything up to this announcement was acted on.
  public void heard(long through) {
    heard = through;
  }

  /// Forgets what it remembers and has heard: the number is another one, or the database.
  public void restart() {
    life.incrementAndGet();
    heard = -1;
    cache.empty();
  }

  /// A session was looked up.
  void lookedUp() {
    if (!on || isIn()) {
      return;
    }
    var now = System.nanoTime();
    if (now - countedNanos > SECOND_NANOS) {
      countedNanos = now;
      lookUps.set(0);
    }
    if (lookUps.incrementAndGet() == LOOK_UPS_MIN) {
      wanted.set(true);
      bell.ring();
    }
  }

  boolean isIn() {
    return joined == life.get();
  }

  private void ask() {
    asked.set(true);
    bell.ring();
  }

  private void step() {
    var now = System.nanoTime();
    if (cache.tidy(now)) {
      events.emit(new ServerEvent.SessionsForgotten());
    }
    var isWanted = wanted.getAndSet(false);
    if (isIn() && !pays(now)) {
      stop();
    }
    if (isIn()) {
      listen();
    } else if (isWanted && !leaving) {
      join();
    } else if (listed || asked.get()) { // asked: the row says so, whatever is known of it
      withdraw();
    }
  }

  /// Whether what it saves is more than what it costs.
  private boolean pays(long now) {
    var hits = cache.takeHits();
    if (hits > 0) {
      events.emit(new ServerEvent.SessionsRemembered(hits));
    }
    saved += hits;
    if (now - judgedNanos < JUDGED_NANOS) {
      return true;
    }
    var pays = saved >= SAVED_MIN;
    judgedNanos = now;
    saved = 0;
    return pays;
  }

  /// What is asked for from the answer on is kept; whoever changes a session later sees our row.
  private void join() {
    var asking = life.get();
    var through = heardAnything();
    listed = true;
    var answer = through < 0 ? null : rows.join(self.get(), through).orElse(null);
    if (answer == null || asking != life.get()) {
      return;
    }
    written = through;
    prefix = answer.prefix();
    judgedNanos = System.nanoTime();
    saved = 0;
    cache.empty();
    joined = asking;
    listen();
  }

  private long heardAnything() {
    if (heard < 0) {
      readLog.run();
    }
    return heard;
  }

  private void listen() {
    var isAsked = asked.getAndSet(false);
    if (isAsked) {
      readLog.run();
    }
    var generation = cache.mark().generation();
    var through = heardAnything();
    if (through < 0) {
      return;
    }
    var row = self.get();
    var began = System.nanoTime();
    var answer =
        (isAsked || through != written ? rows.hear(row, through) : rows.listen(row)).orElse(null);
    if (answer == null) {
      stop();
      return;
    }
    written = through;
    if (isAsked) {
      waker.wakeAll(HEARD);
    }
    if (answer.prefix() != prefix) { // another server is the primary, perhaps without the log's end
      prefix = answer.prefix();
      generation = cache.empty();
    }
    if (answer.newest() != through) {
      readLog.run();
      through = heard;
      var _ = rows.hear(row, through);
      written = through;
    }
    if (through >= answer.newest() && !answer.deaf()) {
      cache.license(generation, began + LICENCE.toNanos(), System.nanoTime());
    }
  }

  private void stop() {
    joined = 0;
    cache.empty();
  }

  private void withdraw() {
    leaving = true;
    rows.leave(self.get());
    leaving = false;
    listed = false;
    if (asked.getAndSet(false)) {
      waker.wakeAll(HEARD);
    }
  }

  private final class Breath implements Pace {
    @Override
    public Duration interval() {
      return listed ? PAUSE : RESTING;
    }

    @Override
    public void reset() {}
  }

  @Override
  public void close() {
    deaf.run();
    var running = loop;
    if (running != null) {
      running.close();
    }
    stop();
  }
}
