package trunkline.cluster;

import java.util.List;
import trunkline.feature.TrunklineException;

/// The database would break what Trunkline promises, so it does not start.
public final class DatabaseUnfit extends TrunklineException {
  private static final long serialVersionUID = 1L;

  DatabaseUnfit(List<String> findings) {
    super(Reason.DATABASE, "the database does not fit: " + String.join("; ", findings), null);
  }
}
