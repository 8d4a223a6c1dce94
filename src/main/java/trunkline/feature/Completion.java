package trunkline.feature;

import java.util.List;

/// Suggested values, the best ones first.
///
/// @param total their number, including those not shown
public record Completion(List<String> values, int total) {
  public static final int VALUES_MAX = 100;

  public Completion {
    if (values.size() > VALUES_MAX) {
      throw new IllegalArgumentException(
          values.size() + " suggestions, the protocol allows " + VALUES_MAX);
    }
    values = List.copyOf(values);
  }

  /// As many of them as the protocol allows.
  public static Completion of(List<String> values) {
    return new Completion(values.subList(0, Math.min(values.size(), VALUES_MAX)), values.size());
  }

  public boolean hasMore() {
    return total > values.size();
  }
}
