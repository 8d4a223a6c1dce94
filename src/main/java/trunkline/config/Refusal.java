package trunkline.config;

import trunkline.feature.TrunklineException;

/// An operator's request cannot be done as asked; the one-line message says why.
public final class Refusal extends TrunklineException {
  private static final long serialVersionUID = 1L;

  public Refusal(String message) {
    super(Reason.OPTION, message, null);
  }

  public Refusal(String message, Throwable cause) {
    super(Reason.OPTION, message, cause);
  }
}
