package trunkline.bench;

import java.util.Locale;

/// How good a figure, or its ratio to the floor, should be.
record Target(boolean atLeast, double bound) {
  static Target atLeast(double bound) {
    return new Target(true, bound);
  }

  static Target atMost(double bound) {
    return new Target(false, bound);
  }

  boolean isMetBy(double judged) {
    return atLeast ? judged >= bound : judged <= bound;
  }

  @Override
  public String toString() {
    var digits = bound == Math.rint(bound) ? "%.0f" : "%.2f";
    return (atLeast ? "≥ " : "≤ ") + String.format(Locale.ROOT, digits, bound);
  }
}
