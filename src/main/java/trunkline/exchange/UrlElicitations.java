package trunkline.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import trunkline.exchange.UrlElicitationRows.Asked;
import trunkline.jsonrpc.OpaqueId;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.Interruption;
import trunkline.store.OutagePatience;

/// Web pages that users were asked to open. The promises are in the package's documentation.
public final class UrlElicitations {
  /// How long a user may take; whether one was completed is known for as long again.
  public static final Duration LIFETIME = Duration.ofHours(1);

  private static final int READ_MAX = 1_000;

  /// A look that falls into an outage waits for its end.
  private static final OutagePatience OUTAGE = new OutagePatience(Duration.ofMinutes(1));

  private final UrlElicitationRows rows;
  private final Waker waker;
  private final Set<PendingAnswer> waiting = ConcurrentHashMap.newKeySet();

  /// A handler that waits; several may wait for one page, so no two are equal.
  private static final class PendingAnswer {
    private final Asked asked;
    private final CompletableFuture<Boolean> completed = new CompletableFuture<>();

    PendingAnswer(Asked asked) {
      this.asked = asked;
    }
  }

  UrlElicitations(Database database, Waker waker) {
    this.rows = new UrlElicitationRows(database);
    this.waker = waker;
  }

  /// Stores them before the client hears of them, so that no completion can come too early.
  ///
  /// @param ids 32 unguessable hex digits each
  /// @return false when the session has ended
  public boolean open(SessionKey session, List<String> ids) {
    return rows.open(session, ids, LIFETIME) == Set.copyOf(ids).size();
  }

  /// The same for a request without a session: nobody is notified of a completion, but who waits
  /// for it is woken.
  ///
  /// @return false when one of them is another's
  public boolean open(Principal principal, List<String> ids) {
    return rows.open(principal, ids, LIFETIME) == Set.copyOf(ids).size();
  }

  /// The user does not go there: nothing completes it any more. Returns at once, for it is also
  /// called when the call was cancelled; what it misses expires.
  public void withdraw(String id) {
    var _ = rows.withdraw(id);
  }

  /// Reports, from any instance, that the user is done; notifies the asking session exactly once.
  ///
  /// @param principal authenticated by the page
  /// @return false when that changed nothing
  public boolean complete(String id, String principal) {
    if (!OpaqueId.matches(id) || principal.indexOf('\0') >= 0) {
      return false;
    }
    var completed = rows.complete(id, principal);
    if (completed) {
      waker.wakeAll(Wake.all(Topic.OUTBOX)); // moving the notification on wakes the handlers
    }
    return completed;
  }

  /// Whether the user is done. For another principal always false.
  public boolean isCompleted(String id, Principal principal) {
    var asked = new Asked(id, principal.name());
    return OpaqueId.matches(id) && rows.decided(List.of(asked)).getOrDefault(asked, false);
  }

  /// Waits until the user is done.
  ///
  /// @return false when the patience is over, or when it cannot be completed any more
  /// @throws CancellationException when the caller was interrupted
  public boolean await(String id, Principal principal, Duration patience) {
    if (!OpaqueId.matches(id)) {
      return false;
    }
    var waiter = new PendingAnswer(new Asked(id, principal.name()));
    waiting.add(waiter); // before the first poll: what that one does not see, the next one does
    try {
      OUTAGE.call(() -> poll(List.of(waiter)));
      return await(waiter, patience);
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while the user was away", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiting.remove(waiter);
    }
  }

  private boolean await(PendingAnswer waiter, Duration patience)
      throws InterruptedException, ExecutionException {
    try {
      return waiter.completed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      OUTAGE.call(() -> poll(List.of(waiter))); // perhaps nothing rang or polled
      return waiter.completed.getNow(false);
    }
  }

  /// Finds the decided ones that handlers wait for; called on each wake-up and on every poll.
  ///
  /// @return how many were
  int poll() {
    var waiters = List.copyOf(waiting);
    var found = 0;
    for (int from = 0; from < waiters.size(); from += READ_MAX) {
      found += poll(waiters.subList(from, Math.min(waiters.size(), from + READ_MAX)));
    }
    return found;
  }

  private int poll(List<PendingAnswer> waiters) {
    var asked = waiters.stream().map(waiter -> waiter.asked).distinct().toList();
    var decided = rows.decided(asked);
    var found = 0;
    for (var waiter : waiters) {
      var completed = decided.get(waiter.asked);
      if (completed != null && waiter.completed.complete(completed)) {
        found++;
      }
    }
    return found;
  }

  /// One bounded round over pages that expired long ago; any number of instances may run it at
  /// once.
  public int sweep(int rowsMax) {
    return rows.remove(LIFETIME, rowsMax);
  }
}
