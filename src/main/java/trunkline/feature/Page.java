package trunkline.feature;

import java.util.List;
import java.util.Optional;

/// A part of a list, and the cursor of the next one if there is more.
public record Page<F extends Feature>(List<F> features, Optional<String> nextCursor) {
  public Page {
    features = List.copyOf(features);
  }
}
