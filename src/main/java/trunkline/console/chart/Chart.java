package trunkline.console.chart;

import java.util.ArrayList;
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
  /// @param lines the points of its SVG polylines: more than one where there was nothing in between
  /// @param last what it ends with
  public record Curve(String kind, String name, List<String> lines, String last) {}

  /// What a curve shows of a step.
  ///
  /// @param kind by which it has its colour
  /// @param of not a number where a step has nothing to show
  record Measure(String kind, String name, ToDoubleFunction<Step> of) {
    private List<Double> along(Recent recent) {
      return recent.steps().stream().map(of::applyAsDouble).toList();
    }
  }

  static Chart of(Recent recent, String name, String unit, Measure... measures) {
    var highest = 0.0;
    for (var measure : measures) {
      highest = Math.max(highest, highest(measure.along(recent)));
    }
    var top = round(highest);
    var curves = new ArrayList<Curve>();
    var said = new StringJoiner("; ", name + " over " + recent.span().title() + ": ", "");
    for (var measure : measures) {
      var values = measure.along(recent);
      var last = number(values.getLast());
      curves.add(new Curve(measure.kind(), measure.name(), lines(values, top), last));
      said.add(
          "%s now %s, at most %s %s"
              .formatted(measure.name(), last, Words.rate(highest(values)), unit));
    }
    return new Chart(name, unit, scale(top), List.copyOf(curves), said.toString());
  }

  private static double highest(List<Double> values) {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "–" : Words.rate(value);
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

  /// One that would be a point alone is as wide as a step.
  private static List<String> lines(List<Double> values, double top) {
    var lines = new ArrayList<String>();
    var width = (double) WIDTH / (values.size() - 1);
    var line = new StringJoiner(" ");
    for (var step = 0; step < values.size(); step++) {
      var value = values.get(step);
      if (value.isNaN()) {
        line = ended(line, lines);
        continue;
      }
      var alone = line.length() == 0 && (step + 1 == values.size() || values.get(step + 1).isNaN());
      line.add(point((alone ? step - 0.5 : step) * width, value / top));
      if (alone) {
        line.add(point((step + 0.5) * width, value / top));
      }
    }
    ended(line, lines);
    return List.copyOf(lines);
  }

  private static StringJoiner ended(StringJoiner line, List<String> lines) {
    if (line.length() > 0) {
      lines.add(line.toString());
    }
    return new StringJoiner(" ");
  }

  private static String point(double x, double part) {
    return String.format(Locale.ROOT, "%.1f,%.1f", Math.clamp(x, 0, WIDTH), HEIGHT - HEIGHT * part);
  }
}
