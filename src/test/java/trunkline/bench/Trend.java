package trunkline.bench;

import java.util.List;

/// Whether a figure grows: the straight line that fits best through what was seen in the later two
/// thirds of the time, since the first third fills caches and slots.
final class Trend {
  private Trend() {}

  /// The line's end over its beginning; 1 for what stays, NaN for too few figures.
  static double growth(List<Double> figures) {
    var later = figures.subList(figures.size() / 3, figures.size());
    var count = later.size();
    if (count < 3) {
      return Double.NaN;
    }
    var middle = (count - 1) / 2.0;
    var mean = later.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    var above = 0.0;
    var below = 0.0;
    for (var at = 0; at < count; at++) {
      above += (at - middle) * (later.get(at) - mean);
      below += (at - middle) * (at - middle);
    }
    var rise = above / below * middle;
    return mean == 0 ? 1 : (mean + rise) / Math.max(mean - rise, mean / 1e3);
  }
}
