package trunkline.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.cluster.Registration;
import trunkline.cluster.Walk;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Signals;
import trunkline.signal.Step;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.SetAside;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.ChildSpan;

/// Clients' conversations, the same for every instance. The promises are in the package's
/// documentation.
///
/// A change of a session returns after the commit, and has then woken those concerned.
public final class Sessions implements AutoCloseable {
  private static final int ROOM_AT_ONCE = 100;

  /// Sessions that one step of the sweep looks at: a million in a quarter of an hour.
  private static final int PAGE_ROWS = 2_000;

  /// A flood of clients that are refused must not be one of statements.
  private static final long ROOM_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final SessionRows rows;
  private final OpeningRows openings;
  private final UnusedSessionRows pages;
  private final Subscriptions subscriptions;
  private final SessionValueRows values;
  private final RootRows roots;
  private final SessionPolicy policy;
  private final Waker waker;
  private final EventSink events;
  private final SetAside aside;
  private final LastUseBuffer lastUses;
  private final SessionTally tally;
  private final SessionCache cache = SessionCache.ofTheHeap();
  private volatile @Nullable Hearing hearing;
  private volatile @Nullable Hearers hearers;
  private volatile @Nullable Consumer<Lasted> measured;
  private final Walk walk = new Walk(PAGE_ROWS);
  private final AtomicLong walked = new AtomicLong();
  private final AtomicLong roomMadeNanos = new AtomicLong(System.nanoTime() - ROOM_INTERVAL_NANOS);

  public Sessions(Database database, SessionPolicy policy, Waker waker, EventSink events) {
    this.rows = new SessionRows(database, policy.lifetimeMax());
    this.openings = new OpeningRows(database);
    this.pages = new UnusedSessionRows(database);
    this.subscriptions = new Subscriptions(new SubscriptionRows(database), policy);
    this.values = new SessionValueRows(database);
    this.roots = new RootRows(database);
    this.policy = policy;
    this.waker = waker;
    this.events = events;
    this.aside = new SetAside("sessions", events);
    this.lastUses = new LastUseBuffer(rows, aside);
    this.tally = new SessionTally(new TallyRows(database));
  }

  /// Remembers sessions from now on, as far as the policy lets it, and waits for those who do when
  /// it changes one.
  ///
  /// @param self our row, which changes when we are fenced
  public Hearing remember(Database database, Signals signals, Supplier<Registration> self) {
    var rows = new HearingRows(database);
    var made = new Hearing(cache, rows, self, signals.doorbells(), waker, events, policy.cached());
    hearing = made;
    hearers = new Hearers(rows, self, signals.doorbells(), waker);
    return made;
  }

  /// Opens a session with its standalone stream. To be repeated with the same id when the outcome
  /// is unknown: it finds what it opened.
  ///
  /// @throws SessionLimitReached when there are too many
  public Session open(NewSession asked) {
    if (isFull()) {
      return find(asked.id(), asked.principal())
          .orElseThrow(() ->
              refused(
                  "too many sessions: the limit is "
                      + policy.sessionsMax()
                      + " (--sessions-max); try again when some have ended"));
    }
    var capped = !asked.principal().equals(Principal.ANONYMOUS);
    var session =
        openings
            .open(asked, capped ? policy.principalSessionsMax() : 0)
            .or(() -> find(asked.id(), asked.principal())) // the limits count it as well
            .orElseThrow(() ->
                refused(
                    "too many sessions of the principal "
                        + asked.principal().name()
                        + ": the limit is "
                        + policy.principalSessionsMax()
                        + " (--principal-sessions-max); end one, or go on in it"));
    tally.opened();
    events.emit(new ServerEvent.SessionOpened(session.key().value(), session.revision()));
    return session;
  }

  private boolean isFull() {
    var max = policy.sessionsMax();
    if (tally.living() >= max) {
      tally.set(rows.living());
      if (tally.living() >= max) {
        makeRoom();
      }
    }
    return tally.living() >= max;
  }

  /// Ends anonymous clients' sessions that have been idle the longest, with neither an open stream
  /// nor a running call: first of all those that were opened and never used. Whoever only opens
  /// sessions so keeps others out for a minute and no longer; a client that was idle and is still
  /// there opens another one.
  private void makeRoom() {
    var now = System.nanoTime();
    var before = roomMadeNanos.get();
    if (now - before < ROOM_INTERVAL_NANOS || !roomMadeNanos.compareAndSet(before, now)) {
      return;
    }
    aside.each(
        rows.idle(Principal.ANONYMOUS, SessionPolicy.ROOM_IDLE, ROOM_AT_ONCE),
        SessionKey::value,
        session -> {
          try {
            var ending = rows.endUnused(session, SessionPolicy.ROOM_IDLE, policy.lifetimeMax());
            ended(session, EndReason.UNUSED, ending);
          } catch (DatabaseBusy e) {
            // somebody uses it just now
          }
        });
  }

  private SessionLimitReached refused(String why) {
    events.emit(new ServerEvent.SessionRefused(why));
    return new SessionLimitReached(why);
  }

  /// Looks a session up; a session that is unknown, has ended, has expired or belongs to another
  /// principal does not exist.
  public Optional<Session> find(SessionId id, Principal principal) {
    return Database.await(submitFind(id, principal));
  }

  /// The same for the server itself, which may send to any session.
  public Optional<Session> find(SessionId id) {
    return Database.await(lookUp(id, null));
  }

  /// The same without waiting.
  public CompletableFuture<Optional<Session>> submitFind(SessionId id, Principal principal) {
    return lookUp(id, principal);
  }

  private CompletableFuture<Optional<Session>> lookUp(SessionId id, @Nullable Principal principal) {
    var asked = System.nanoTime();
    var known = cache.find(id, asked);
    if (known != null) {
      var isTheirs = principal == null || known.principal().equals(principal);
      return CompletableFuture.completedFuture(isTheirs ? Optional.of(known) : Optional.empty());
    }
    var mark = cache.mark();
    var listening = hearing;
    if (listening != null) {
      listening.lookedUp();
    }
    var span = ChildSpan.statement();
    span.named("sessions.find");
    return rows.find(id, principal)
        .whenComplete((found, failure) -> {
          span.close();
          if (failure == null) {
            var micros = (System.nanoTime() - asked) / 1_000;
            events.emit(new ServerEvent.SessionLookedUp(found.isPresent(), micros));
          }
        })
        .thenApply(answer ->
            answer.map(found -> {
              var until = asked + found.nanosLeft();
              cache.keep(found.session(), found.bytes(), until, mark, System.nanoTime());
              return found.session();
            }));
  }

  /// Ends a session with its streams, calls and pending requests, everywhere. Where its client
  /// wants it, no instance knows it any more when this returns.
  ///
  /// @return false when it had ended already
  public boolean end(SessionKey session, EndReason reason) {
    var done = ended(session, reason, rows.end(session, reason));
    if (reason == EndReason.CLIENT) {
      awaitHearers(); // of a repeated end as well: the former attempt may not have been heard yet
    }
    return done;
  }

  /// Waits until what was committed before holds for every request that begins on any instance.
  public void awaitHearers() {
    var others = hearers;
    if (others != null) {
      others.await();
    }
  }

  private boolean ended(SessionKey session, EndReason reason, SessionRows.Ending ending) {
    cache.evict(session);
    ending.wakes().sendBy(waker);
    if (ending.done()) {
      tally.ended();
      events.emit(new ServerEvent.SessionEnded(session.value(), reason.text()));
      measure(session);
    }
    return ending.done();
  }

  /// Tells from now on how long each session lasted that is ended here.
  public void measure(Consumer<Lasted> measured) {
    this.measured = measured;
  }

  private void measure(SessionKey session) {
    var told = measured;
    if (told != null) {
      try {
        rows.lasted(session).ifPresent(told);
      } catch (DatabaseFailure e) {
        // it has ended, whether that is measured or not
      }
    }
  }

  /// Notes a use; the idle timeout starts anew. Costs nothing now, it is written within 10 s.
  public void touch(SessionKey session) {
    lastUses.add(session);
  }

  /// Sets the level below which the client wants no log messages, for every instance: it holds for
  /// every call that begins after this returns.
  ///
  /// @return false when the session has ended
  public boolean setLogLevel(SessionKey session, LogLevel level) {
    var change = rows.logLevel(session, level);
    cache.evict(session);
    change.wakes().sendBy(waker);
    awaitHearers();
    return change.done();
  }

  /// The living sessions of these principals, by their names.
  public Map<String, Set<SessionKey>> ofPrincipals(Collection<String> names) {
    return rows.ofPrincipals(names);
  }

  /// The sessions' subscriptions to updates of resources.
  public Subscriptions subscriptions() {
    return subscriptions;
  }

  /// The values kept with the session.
  public SessionValues values(SessionKey session) {
    return new SessionValues(values, policy, session);
  }

  /// The roots that the session's client reported.
  public SessionRoots roots(SessionKey session) {
    return new SessionRoots(roots, policy, session);
  }

  /// What every instance does by itself: writes its uses when they are due.
  public void keepUp() {
    lastUses.flushWhenDue();
  }

  /// Whether somebody has counted since this instance has read it.
  public boolean isCounted(Optional<Instant> at) {
    return tally.isNew(at);
  }

  /// Says how many sessions live.
  ///
  /// @param counted whether they may have been counted anew, which is to be read
  public void recount(boolean counted) {
    if (counted) {
      tally.reread();
    }
    events.emit(new ServerEvent.SessionsCounted(tally.living()));
  }

  /// One step of what one instance does for all: ends the unused and too old sessions of the next
  /// page, counts the others, removes those that ended long ago. Any number of instances may do it
  /// at once.
  ///
  /// @return how many sessions it ended and removed
  public Step sweep(int rowsMax) {
    var swept = new ArrayList<SessionKey>();
    var busy = new ArrayList<DatabaseBusy>();
    var page = new AtomicReference<UnusedSessionRows.Page>();
    walk.step(
        (after, rowsOfPage) -> {
          var next =
              pages.page(after, rowsOfPage, idle(), policy.lifetimeMax(), policy.retention());
          page.set(next);
          return next.end();
        },
        (after, through) -> {
          if (page.get().unused()) {
            end(after, through, rowsMax, swept, busy);
          }
          return swept.size() >= rowsMax;
        });
    count(swept.size() >= rowsMax ? 0 : page.get().living() - swept.size());
    var forgotten = page.get().old() ? rows.forget(policy.retention(), rowsMax) : 0;
    if (!busy.isEmpty()) {
      throw busy.getLast();
    }
    var more = (!swept.isEmpty() || walk.isHurried()) && !walk.isWhole();
    return new Step(swept.size(), more).and(Step.upTo(rowsMax, forgotten));
  }

  private Duration idle() {
    return policy.idleTimeout().plus(SessionPolicy.TOUCH_GRACE);
  }

  private void end(
      long after, long through, int rowsMax, List<SessionKey> swept, List<DatabaseBusy> busy) {
    var idle = idle();
    aside.each(
        pages.unused(after, through, idle, policy.lifetimeMax(), rowsMax),
        SessionKey::value,
        session -> {
          try {
            var ending = rows.endUnused(session, idle, policy.lifetimeMax());
            if (ended(session, EndReason.UNUSED, ending)) {
              swept.add(session);
            }
          } catch (DatabaseBusy e) {
            busy.add(e); // one that cannot be ended now keeps no other from its end
          }
        });
  }

  /// At the end of a pass the sum is known. Where there are nearly as many as there may be, the
  /// next pass comes at once.
  private void count(long living) {
    var sum = walked.addAndGet(living);
    if (walk.isWhole()) {
      walked.set(0);
      tally.publish(sum);
      if (sum > policy.sessionsMax() / 10 * 8L) {
        walk.hurry(new Object());
      }
    }
  }

  /// Writes the uses that wait; nothing is looked up any more.
  @Override
  public void close() {
    try {
      lastUses.flush();
    } catch (DatabaseFailure e) {
      // A use that is not written only lets its session end a little early.
    } finally {
      openings.close();
      rows.close();
    }
  }

  LastUseBuffer lastUses() {
    return lastUses;
  }
}
