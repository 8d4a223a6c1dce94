package trunkline.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Step;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.SetAside;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Clients' conversations, the same for every instance. The promises are in the package's
/// documentation.
///
/// A change of a session returns after the commit, and has then woken those concerned.
public final class Sessions implements AutoCloseable {
  private static final int ROOM_AT_ONCE = 100;

  /// A flood of clients that are refused must not be one of statements.
  private static final long ROOM_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final SessionRows rows;
  private final Subscriptions subscriptions;
  private final SessionValueRows values;
  private final RootRows roots;
  private final SessionPolicy policy;
  private final Waker waker;
  private final EventSink events;
  private final SetAside aside;
  private final LastUseBuffer lastUses;
  private final AtomicLong living = new AtomicLong();
  private final AtomicLong roomMadeNanos = new AtomicLong(System.nanoTime() - ROOM_INTERVAL_NANOS);

  public Sessions(Database database, SessionPolicy policy, Waker waker, EventSink events) {
    this.rows = new SessionRows(database, policy.lifetimeMax());
    this.subscriptions = new Subscriptions(new SubscriptionRows(database), policy);
    this.values = new SessionValueRows(database);
    this.roots = new RootRows(database);
    this.policy = policy;
    this.waker = waker;
    this.events = events;
    this.aside = new SetAside("sessions", events);
    this.lastUses = new LastUseBuffer(rows, aside);
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
        rows.open(asked, capped ? policy.principalSessionsMax() : 0)
            .or(() -> find(asked.id(), asked.principal())) // the limits count it as well
            .orElseThrow(() ->
                refused(
                    "too many sessions of the principal "
                        + asked.principal().name()
                        + ": the limit is "
                        + policy.principalSessionsMax()
                        + " (--principal-sessions-max); end one, or go on in it"));
    living.incrementAndGet();
    events.emit(new ServerEvent.SessionOpened(session.key().value(), session.revision()));
    return session;
  }

  private boolean isFull() {
    var max = policy.sessionsMax();
    if (living.get() >= max) {
      living.set(rows.living());
      if (living.get() >= max) {
        makeRoom();
      }
    }
    return living.get() >= max;
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
    return rows.find(id, principal)
        .whenComplete((found, failure) -> {
          if (failure == null) {
            var micros = (System.nanoTime() - asked) / 1_000;
            events.emit(new ServerEvent.SessionLookedUp(found.isPresent(), micros));
          }
        });
  }

  /// Ends a session with its streams, calls and pending requests, everywhere.
  ///
  /// @return false when it had ended already
  public boolean end(SessionKey session, EndReason reason) {
    return ended(session, reason, rows.end(session, reason));
  }

  private boolean ended(SessionKey session, EndReason reason, SessionRows.Ending ending) {
    ending.wakes().sendBy(waker);
    if (ending.done()) {
      living.decrementAndGet();
      events.emit(new ServerEvent.SessionEnded(session.value(), reason.text()));
    }
    return ending.done();
  }

  /// Notes a use; the idle timeout starts anew. Costs nothing now, it is written within 10 s.
  public void touch(SessionKey session) {
    lastUses.add(session);
  }

  /// Sets the level below which the client wants no log messages, for every instance.
  ///
  /// @return false when the session has ended
  public boolean setLogLevel(SessionKey session, LogLevel level) {
    var change = rows.logLevel(session, level);
    change.wakes().sendBy(waker);
    return change.done();
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

  /// One round of cleaning up: writes uses when they are due, ends unused or too old sessions,
  /// removes those that ended long ago. Any number of instances may do it at once.
  ///
  /// @return how many sessions it ended and removed
  public Step sweep(int rowsMax) {
    lastUses.flushWhenDue();
    living.set(rows.living());
    events.emit(new ServerEvent.SessionsCounted(living.get()));
    var idle = policy.idleTimeout().plus(SessionPolicy.TOUCH_GRACE);
    var swept = new ArrayList<SessionKey>();
    var busy = new ArrayList<DatabaseBusy>();
    aside.each(
        rows.unused(idle, policy.lifetimeMax(), rowsMax),
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
    var forgotten = rows.forget(policy.retention(), rowsMax);
    if (!busy.isEmpty()) {
      throw busy.getLast();
    }
    return Step.upTo(rowsMax, swept.size()).and(Step.upTo(rowsMax, forgotten));
  }

  /// Writes the uses that wait; nothing is looked up any more.
  @Override
  public void close() {
    try {
      lastUses.flush();
    } catch (DatabaseFailure e) {
      // A use that is not written only lets its session end a little early.
    } finally {
      rows.close();
    }
  }

  LastUseBuffer lastUses() {
    return lastUses;
  }
}
