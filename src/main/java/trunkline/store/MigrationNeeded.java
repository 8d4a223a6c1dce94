package trunkline.store;

/// The schema does not fit this release; the message names the command to run.
public final class MigrationNeeded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MigrationNeeded(String message) {
    super(message);
  }
}
