package trunkline.feature;

/// Lets all but one kind of invocation pass.
record OneKind<I extends Invocation<T>, T>(Class<I> kind, Interceptor.Around<I, T> around)
    implements Interceptor {
  @Override
  @SuppressWarnings("unchecked") // what is of this kind has what comes of it
  public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
    return kind.isInstance(invocation)
        ? (R) around.around(kind.cast(invocation), (Next<T>) next)
        : next.proceed(invocation);
  }
}
