package trunkline.cluster;

import java.util.List;

/// The database would break what Trunkline promises, so it does not start.
public final class DatabaseUnfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnfit(List<String> findings) {
    super("the database does not fit: " + String.join("; ", findings));
  }
}
