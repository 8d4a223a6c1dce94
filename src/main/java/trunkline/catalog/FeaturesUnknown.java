package trunkline.catalog;

import org.jspecify.annotations.Nullable;
import trunkline.feature.TrunklineException;

/// The error of a `--features` value that can't be had; the message says what could be.
public final class FeaturesUnknown extends TrunklineException {
  private static final long serialVersionUID = 1L;

  FeaturesUnknown(String message) {
    this(message, null);
  }

  FeaturesUnknown(String message, @Nullable Throwable cause) {
    super(Reason.OPTION, message, cause);
  }
}
