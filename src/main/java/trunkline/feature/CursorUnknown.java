package trunkline.feature;

/// A cursor that no page of this list has ended with.
public final class CursorUnknown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CursorUnknown() {
    super("Invalid cursor", null, false, false);
  }
}
