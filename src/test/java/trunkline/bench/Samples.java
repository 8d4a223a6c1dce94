package trunkline.bench;

import java.util.Arrays;

/// Times in nanoseconds, as they come; of one thread.
final class Samples {
  private long[] values = new long[1 << 12];
  private int size;

  void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  void addAll(Samples others) {
    var needed = size + others.size;
    if (needed > values.length) {
      values = Arrays.copyOf(values, Math.max(needed, values.length * 2));
    }
    System.arraycopy(others.values, 0, values, size, others.size);
    size = needed;
  }

  int size() {
    return size;
  }

  /// In microseconds; NaN when there are none.
  double micros(double quantile) {
    if (size == 0) {
      return Double.NaN;
    }
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) (size * quantile))] / 1e3;
  }

  static double median(double... figures) {
    var sorted = figures.clone();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return Double.NaN;
    }
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
