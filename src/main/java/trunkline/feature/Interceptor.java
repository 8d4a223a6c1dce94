package trunkline.feature;

/// Stands around what handlers do: calls, reads, prompts, completions, and questions to clients. It
/// may go on, go on with something else, answer instead, refuse, or look at what comes of it.
///
/// ```java
/// new Interceptor() {
///   public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
///     var begun = System.nanoTime();
///     try {
///       return next.proceed(invocation);
///     } finally {
///       LOG.info("{} took {} ns", invocation.name(), System.nanoTime() - begun);
///     }
///   }
/// }
/// ```
///
/// It runs on the request's own thread, on whichever instance, and may wait; the era cannot be seen
/// from it. What it throws is to the client what the handler would have thrown.
public interface Interceptor {
  <R> R around(Invocation<R> invocation, Next<R> next) throws Exception;

  /// The rest of the way to the handler.
  ///
  /// @param <R> what comes of it
  @FunctionalInterface
  interface Next<R> {
    R proceed(Invocation<R> invocation) throws Exception;
  }
}
