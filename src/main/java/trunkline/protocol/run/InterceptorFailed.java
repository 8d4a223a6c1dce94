package trunkline.protocol.run;

/// An interceptor around a question threw what a handler that asks does not expect.
final class InterceptorFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InterceptorFailed(Exception cause) {
    super(cause);
  }
}
