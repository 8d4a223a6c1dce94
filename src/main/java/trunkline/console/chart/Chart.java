package trunkline.console.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import trunkline.console.chart.Recent.Step;
import trunkline.page.Words;

/// A picture of something over time: curves from left to right, a scale from nothing to a round
/// number above the highest.
///
/// @param name what it is
/// @param unit of its numbers
/// @param top what the upper edge stands for
/// @param said the same in a sentence, for whoever does not see it
public record Chart(String name, String unit, String top, List<Curve> curves, String said) {
  public static final int WIDTH = 480;
  public static final int HEIGHT = 96;

  /// A curve.
  ///
  /// @param points of an SVG polyline
  /// @param last what it ends with
  public record Curve(String kind, String name, String points, String last) {}

  /// What a curve shows of a step.
  ///
  /// @param kind by which it has its colour
  record Measure(String kind, String name, ToDoubleFunction<Step> of) {}

  static Chart of(Recent recent, String name, String unit, Measure... measures) {
    var highest = 0.0;
    for (var measure : measures) {
      highest =
          Math.max(highest, recent.steps().stream().mapToDouble(measure.of()).max().orElse(0));
    }
    var top = round(highest);
    var curves = new ArrayList<Curve>();
    var said = new StringJoiner("; ", name + " over " + recent.span().title() + ": ", "");
    for (var measure : measures) {
      var values = recent.steps().stream().map(step -> measure.of().applyAsDouble(step)).toList();
      var last = Words.rate(values.getLast());
      curves.add(new Curve(measure.kind(), measure.name(), points(values, top), last));
      said.add(
          "%s now %s, at most %s %s"
              .formatted(
                  measure.name(),
                  last,
                  Words.rate(values.stream().max(Comparator.naturalOrder()).orElse(0.0)),
                  unit));
    }
    return new Chart(name, unit, scale(top), List.copyOf(curves), said.toString());
  }

  /// The next of 1, 2, 5, 10, 20 …; a tenth at least.
  private static double round(double highest) {
    var top = 0.1;
    for (var turn = 0; top < highest; turn++) {
      top *= turn % 3 == 1 ? 2.5 : 2;
    }
    return top;
  }

  private static String scale(double top) {
    return top < 1 ? String.format(Locale.ROOT, "%.1f", top) : Words.number(Math.round(top));
  }

  private static String points(List<Double> values, double top) {
    var points = new StringJoiner(" ");
    var width = (double) WIDTH / (values.size() - 1);
    for (var step = 0; step < values.size(); step++) {
      points.add(
          String.format(
              Locale.ROOT, "%.1f,%.1f", step * width, HEIGHT - HEIGHT * values.get(step) / top));
    }
    return points.toString();
  }
}
