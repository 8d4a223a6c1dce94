package trunkline.store;

/// The database's schema is not the one this release works with; the message says what to run.
public final class MigrationNeeded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MigrationNeeded(String message) {
    super(message);
  }
}
