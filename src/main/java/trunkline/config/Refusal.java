package trunkline.config;

/// What an operator asked for cannot be done as asked; the message is one line that says why.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Refusal(String message) {
    super(message);
  }
}
