package trunkline.console;

/// Others look at so much that there is no place.
final class ConsoleBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConsoleBusy(String message) {
    super(message);
  }
}
