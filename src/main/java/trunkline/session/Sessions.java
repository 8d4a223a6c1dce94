package trunkline.session;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Clients' conversations, the same for every instance. The promises stand in the package's
/// documentation.
///
/// What changes a session returns after the commit, and has woken then whom it concerns.
public final class Sessions implements AutoCloseable {
  private final SessionStore store;
  private final SessionPolicy policy;
  private final Waker waker;
  private final EventSink events;
  private final LastUseBuffer touches;
  private final AtomicLong living = new AtomicLong();

  public Sessions(Database database, SessionPolicy policy, Waker waker, EventSink events) {
    this(new SessionRows(database, policy.lifetimeMax()), policy, waker, events);
  }

  Sessions(SessionStore store, SessionPolicy policy, Waker waker, EventSink events) {
    this.store = store;
    this.policy = policy;
    this.waker = waker;
    this.events = events;
    this.touches = new LastUseBuffer(store);
  }

  /// Opens a session with its standalone stream.
  ///
  /// @throws SessionLimitReached when there are too many
  public Session open(NewSession asked) {
    requireRoom();
    var capped = !asked.principal().equals(Principal.ANONYMOUS);
    var session =
        store
            .open(SessionId.random(), asked, capped ? policy.principalSessionsMax() : 0)
            .orElseThrow(() ->
                refused(
                    "the principal "
                        + asked.principal().name()
                        + " has "
                        + policy.principalSessionsMax()
                        + " sessions, the most (principal-sessions-max): end one, or go on in it"));
    living.incrementAndGet();
    events.emit(new ServerEvent.SessionOpened(session.id().value(), session.revision()));
    return session;
  }

  private void requireRoom() {
    if (living.get() < policy.sessionsMax()) {
      return;
    }
    living.set(store.living());
    if (living.get() >= policy.sessionsMax()) {
      throw refused(
          "there are "
              + policy.sessionsMax()
              + " sessions, the most (sessions-max): try again when some have ended");
    }
  }

  private SessionLimitReached refused(String why) {
    events.emit(new ServerEvent.SessionRefused(why));
    return new SessionLimitReached(why);
  }

  /// Looks a session up; a session that is unknown, has ended, has lived its time or belongs to
  /// another principal does not exist.
  public Optional<Session> find(SessionId id, Principal principal) {
    return Database.await(submitFind(id, principal));
  }

  /// The same for the server itself, which may send to anybody's session.
  public Optional<Session> find(SessionId id) {
    return Database.await(lookUp(id, null));
  }

  /// The same without waiting.
  public CompletableFuture<Optional<Session>> submitFind(SessionId id, Principal principal) {
    return lookUp(id, principal);
  }

  private CompletableFuture<Optional<Session>> lookUp(SessionId id, @Nullable Principal principal) {
    var asked = System.nanoTime();
    return store
        .find(id, principal)
        .whenComplete((found, failure) -> {
          if (failure == null) {
            var micros = (System.nanoTime() - asked) / 1_000;
            events.emit(new ServerEvent.SessionLookedUp(found.isPresent(), micros));
          }
        });
  }

  /// Ends a session with its streams, calls and pending requests, everywhere.
  ///
  /// @param reason for operators: `client`, `drained` and the like
  /// @return false when it had ended already
  public boolean end(SessionKey session, String reason) {
    return ended(session, reason, store.end(session, reason));
  }

  private boolean ended(SessionKey session, String reason, SessionStore.Ending ending) {
    ending.wakes().sendBy(waker);
    if (ending.done()) {
      living.decrementAndGet();
      events.emit(new ServerEvent.SessionEnded(session.value(), reason));
    }
    return ending.done();
  }

  /// Notes a use; the idle timeout starts anew. Costs nothing now, it is written within 10 s.
  public void touch(SessionKey session) {
    touches.add(session);
  }

  /// Sets the level below which the client wants no log messages, for every instance.
  ///
  /// @return false when the session has ended
  public boolean setLogLevel(SessionKey session, LogLevel level) {
    var change = store.logLevel(session, level);
    change.wakes().sendBy(waker);
    return change.done();
  }

  /// Subscribes to the updates of a resource; a second time changes nothing.
  ///
  /// @return false when the session has ended
  /// @throws SessionLimitReached when it has too many subscriptions
  public boolean subscribe(SessionKey session, String uri) {
    if (uri.isEmpty() || uri.length() > SessionPolicy.URI_LENGTH_MAX || uri.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a URI has 1 to " + SessionPolicy.URI_LENGTH_MAX + " characters, not " + uri.length());
    }
    return switch (store.subscribe(session, uri, policy.subscriptionsMax())) {
      case DONE -> true;
      case GONE -> false;
      case FULL ->
          throw new SessionLimitReached(
              "a session subscribes to at most " + policy.subscriptionsMax() + " resources");
    };
  }

  /// Ends the subscription, if there is one.
  public void unsubscribe(SessionKey session, String uri) {
    store.unsubscribe(session, uri);
  }

  /// The resources that the session subscribed to, at most 1,000.
  public List<String> subscriptions(SessionKey session) {
    return store.subscriptions(session);
  }

  /// Who is subscribed to these resources now.
  public Map<String, Set<SessionKey>> subscribers(Collection<String> uris) {
    return uris.isEmpty() ? Map.of() : store.subscribers(uris);
  }

  /// What tools keep with the session.
  public SessionValues values(SessionKey session) {
    return new SessionValues(store, policy, session);
  }

  /// What the session's client told of its roots.
  public SessionRoots roots(SessionKey session) {
    return new SessionRoots(store, policy, session);
  }

  /// One round of cleaning up: writes touches when they are due, ends what nobody uses or what is
  /// too old, removes what ended long ago. Any number of instances may do it at once.
  ///
  /// @return how many sessions it ended or removed; as many as `rowsMax` means there may be more
  public int sweep(int rowsMax) {
    touches.flushWhenDue();
    living.set(store.living());
    events.emit(new ServerEvent.SessionsCounted(living.get()));
    var idle = policy.idleTimeout().plus(SessionPolicy.TOUCH_GRACE);
    var swept = 0;
    for (var session : store.unused(idle, policy.lifetimeMax(), rowsMax)) {
      if (ended(session, "unused", store.endUnused(session, idle, policy.lifetimeMax()))) {
        swept++;
      }
    }
    return Math.max(swept, store.forget(policy.retention(), rowsMax));
  }

  /// Writes the touches that wait and looks nothing up any more.
  @Override
  public void close() {
    try {
      touches.flush();
    } catch (DatabaseUnavailable e) {
      // A use that is not written only lets its session end a little early.
    } finally {
      store.close();
    }
  }

  LastUseBuffer touches() {
    return touches;
  }
}
