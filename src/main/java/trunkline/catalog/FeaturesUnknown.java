package trunkline.catalog;

/// The error of a `--features` value that can't be had; the message says what could be.
public final class FeaturesUnknown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FeaturesUnknown(String message) {
    super(message);
  }

  FeaturesUnknown(String message, Throwable cause) {
    super(message, cause);
  }
}
