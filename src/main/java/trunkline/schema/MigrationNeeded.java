package trunkline.schema;

import org.jspecify.annotations.Nullable;
import trunkline.feature.TrunklineException;

/// The schema does not fit this release; the message names the command to run.
public final class MigrationNeeded extends TrunklineException {
  private static final long serialVersionUID = 1L;

  public MigrationNeeded(String message) {
    this(message, null);
  }

  MigrationNeeded(String message, @Nullable Throwable cause) {
    super(Reason.SCHEMA, message, cause);
  }
}
