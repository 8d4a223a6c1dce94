package trunkline.shape;

/// A value that JSON or its schema cannot say: `NaN`, null where something is required.
final class Unwritable extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  Unwritable(String what) {
    super(what);
  }

  /// Tells where it is.
  Unwritable in(String place) {
    return new Unwritable(place + ": " + getMessage());
  }
}
