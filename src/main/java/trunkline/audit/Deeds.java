package trunkline.audit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.RequestId;
import trunkline.session.Session;

/// What one HTTP request, or line over stdio, asks for. Whoever runs one of them takes it and ends
/// it; what nobody has taken is ended by the reply.
public final class Deeds {
  private static final ScopedValue<Deeds> HERE = ScopedValue.newInstance();

  /// Of what is no message.
  private static final RequestId NOBODYS = new RequestId.Whole(0);

  private final Map<RequestId, Deed> all;
  private final Map<RequestId, Deed> left;
  private final @Nullable RequestId first;

  /// What is asked for, on the thread of the connection.
  @FunctionalInterface
  public interface Serving<T> {
    T serve() throws InterruptedException;
  }

  Deeds(Map<RequestId, Deed> all) {
    this(all, all.keySet().stream().findFirst().orElse(null));
  }

  private Deeds(Map<RequestId, Deed> all, @Nullable RequestId first) {
    this.all = Map.copyOf(all);
    this.left = new ConcurrentHashMap<>(all);
    this.first = first;
  }

  /// That of a method of HTTP.
  static Deeds of(Deed deed) {
    return new Deeds(Map.of(NOBODYS, deed), null);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// The id of the first message.
  public @Nullable RequestId first() {
    return first;
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

  /// Whether whoever runs them ends them all.
  public boolean isOver() {
    return left.isEmpty();
  }

  Stream<AuditKind> kinds() {
    return all.values().stream().map(Deed::kind);
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
