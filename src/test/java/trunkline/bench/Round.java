package trunkline.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one round gave.
///
/// @param floor NaN where the figure stands alone
/// @param notes further figures of the product, by what they are
record Round(double floor, double product, Map<String, Double> notes) {
  Round {
    notes = Map.copyOf(new LinkedHashMap<>(notes));
  }

  static Round of(double floor, double product) {
    return new Round(floor, product, Map.of());
  }

  static Round alone(double product) {
    return of(Double.NaN, product);
  }

  Round with(String what, double figure) {
    var more = new LinkedHashMap<>(notes);
    more.put(what, figure);
    return new Round(floor, product, more);
  }

  /// What is compared with the target.
  double judged() {
    return Double.isNaN(floor) ? product : product / floor;
  }
}
