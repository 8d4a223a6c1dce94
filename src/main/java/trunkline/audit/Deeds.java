package trunkline.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.jsonrpc.RequestId;
import trunkline.session.Session;

/// What one HTTP request, or line over stdio, asks for. Whoever runs one of them takes it and ends
/// it; what nobody has taken is ended by the reply.
public final class Deeds {
  private static final ScopedValue<Deeds> HERE = ScopedValue.newInstance();

  /// Of what has no id of its own.
  static final RequestId ALONE = new RequestId.Whole(0);

  private final Map<RequestId, Deed> all;
  private final Map<RequestId, Deed> left;

  /// What is asked for, on the thread of the connection.
  @FunctionalInterface
  public interface Serving<T> {
    T serve() throws InterruptedException;
  }

  Deeds(Map<RequestId, Deed> all) {
    this.all = new LinkedHashMap<>(all);
    this.left = new ConcurrentHashMap<>(all);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// The id of the first of them.
  public Optional<RequestId> first() {
    return all.keySet().stream().filter(id -> !id.equals(ALONE)).findFirst();
  }

  public <T> T serve(Serving<T> serving) throws InterruptedException {
    return ScopedValue.where(HERE, this).call(serving::serve);
  }

  /// Takes that of a request which is being served on this thread.
  public static Deed take(RequestId id) {
    var taken = HERE.isBound() ? HERE.get().left.remove(id) : null;
    return taken == null ? Deed.NONE : taken;
  }

  /// What is served on this thread belongs to the session.
  public static void in(Session session) {
    if (HERE.isBound()) {
      HERE.get().all.values().forEach(deed -> deed.in(session));
    }
  }

  /// Ends what nobody has taken.
  ///
  /// @return false when there is to be no answer
  public boolean end(Ending ending) {
    var recorded = true;
    for (var deed : left.values()) {
      recorded &= deed.end(ending);
    }
    return recorded;
  }
}
