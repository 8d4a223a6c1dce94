package trunkline.protocol.around;

/// An interceptor around a question threw what a handler that asks does not expect.
public final class InterceptorFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InterceptorFailed(Exception cause) {
    super(cause);
  }
}
