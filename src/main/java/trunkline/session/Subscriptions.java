package trunkline.session;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The resources whose updates sessions subscribe to, the same for every instance. They end with
/// the session.
public final class Subscriptions {
  private final SubscriptionRows rows;
  private final SessionPolicy policy;

  Subscriptions(SubscriptionRows rows, SessionPolicy policy) {
    this.rows = rows;
    this.policy = policy;
  }

  /// Subscribes to the updates of a resource; a second time changes nothing.
  ///
  /// @return false when the session has ended
  /// @throws SessionLimitReached when it has too many subscriptions
  public boolean add(SessionKey session, String uri) {
    if (uri.isEmpty() || uri.length() > SessionPolicy.URI_LENGTH_MAX || uri.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a URI has 1 to " + SessionPolicy.URI_LENGTH_MAX + " characters, not " + uri.length());
    }
    return switch (rows.add(session, uri, policy.subscriptionsMax())) {
      case DONE -> true;
      case GONE -> false;
      case FULL ->
          throw new SessionLimitReached(
              "the session has too many subscriptions: the limit is " + policy.subscriptionsMax());
    };
  }

  /// Ends the subscription, if there is one.
  public void remove(SessionKey session, String uri) {
    rows.remove(session, uri);
  }

  /// The resources that the session subscribed to, at most 1,000.
  public List<String> list(SessionKey session) {
    return rows.list(session);
  }

  /// The sessions that are subscribed to these resources now.
  public Map<String, Set<SessionKey>> subscribers(Collection<String> uris) {
    return uris.isEmpty() ? Map.of() : rows.find(uris);
  }
}
