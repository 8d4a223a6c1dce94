package trunkline.feature;

import java.util.List;

/// A tool was called with arguments that it does not accept.
public final class InvalidArguments extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidArguments(List<String> problems) {
    super(String.join("; ", problems), null, false, false);
  }
}
