package trunkline.catalog;

/// `--features` names something that can't be had; the message says what and what could be.
public final class FeaturesUnknown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FeaturesUnknown(String message) {
    super(message);
  }
}
