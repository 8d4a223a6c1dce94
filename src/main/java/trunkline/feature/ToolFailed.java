package trunkline.feature;

/// A handler's way to say that it failed. The message is shown to the client and its model.
public final class ToolFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ToolFailed(String message) {
    super(message);
  }
}
