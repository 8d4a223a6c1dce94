package trunkline.session;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Wakes;

/// What sessions need of the database; what it owes stands in `SessionStoreContract`.
interface SessionStore extends AutoCloseable {
  /// Empty when the principal has as many sessions as it may have.
  Optional<Session> open(SessionId id, NewSession session, int principalSessionsMax);

  /// Judged by a statement that starts after the call: never from before it.
  ///
  /// @param principal whose session it must be; null for the server itself
  CompletableFuture<Optional<Session>> find(SessionId id, @Nullable Principal principal);

  Ending end(SessionKey session, String reason);

  /// Ends it when, under its lock, it is unused or too old.
  Ending endUnused(SessionKey session, Duration idle, Duration lifetime);

  /// Sessions that look unused or too old, at most so many.
  List<SessionKey> unused(Duration idle, Duration lifetime, int rowsMax);

  /// Removes what ended so long ago.
  ///
  /// @return how many sessions
  int forget(Duration age, int rowsMax);

  long living();

  Ending logLevel(SessionKey session, LogLevel level);

  /// Notes that the sessions are in use.
  ///
  /// @return those that somebody had locked, to be tried again
  Collection<SessionKey> touch(Collection<SessionKey> sessions);

  StoreOutcome subscribe(SessionKey session, String uri, int subscriptionsMax);

  void unsubscribe(SessionKey session, String uri);

  List<String> subscriptions(SessionKey session);

  Map<String, Set<SessionKey>> subscribers(Collection<String> uris);

  Optional<String> value(SessionKey session, String name);

  StoreOutcome put(SessionKey session, String name, String value, int valuesMax);

  boolean remove(SessionKey session, String name);

  /// Empty when the session has ended.
  Optional<SessionRoots.Known> roots(SessionKey session);

  /// Does nothing when the version is another by now.
  void keepRoots(SessionKey session, int version, String roots);

  void rootsChanged(SessionKey session);

  @Override
  void close();

  /// What a change of a session's own row did.
  ///
  /// @param done false when the session had ended before, or lives on
  /// @param wakes whom to wake, now that it is committed
  record Ending(boolean done, Wakes wakes) {}

  /// What became of something to be kept with the session.
  enum StoreOutcome {
    DONE,
    /// There are as many as there may be.
    FULL,
    /// The session has ended.
    GONE
  }
}
