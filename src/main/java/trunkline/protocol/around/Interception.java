package trunkline.protocol.around;

import java.util.List;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;

/// What stands around every invocation, the outermost first: the server's own, then the catalog's.
///
/// @param interceptors in this order
public record Interception(List<Interceptor> interceptors) {
  public static final Interception NONE = new Interception(List.of());

  public Interception {
    interceptors = List.copyOf(interceptors);
  }

  /// Lets an invocation go its way.
  ///
  /// @param handler its end
  public <R> R run(Invocation<R> invocation, Interceptor.Next<R> handler) throws Exception {
    return from(0, invocation, handler);
  }

  private <R> R from(int index, Invocation<R> invocation, Interceptor.Next<R> handler)
      throws Exception {
    return index == interceptors.size()
        ? handler.proceed(invocation)
        : interceptors.get(index).around(invocation, changed -> from(index + 1, changed, handler));
  }
}
