package trunkline.signal;

import trunkline.feature.TrunklineException;

/// NOTIFY was required and does not arrive.
public final class NotifyRequired extends TrunklineException {
  private static final long serialVersionUID = 1L;

  NotifyRequired(String reason) {
    super(
        Reason.DATABASE,
        "NOTIFY does not arrive over the direct database URL ("
            + reason
            + "). Let --database-direct-url lead to the server itself and past any transaction"
            + " pooler, or start without --require-notify.",
        null);
  }
}
