package trunkline.testing;

import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.List;
import java.util.Map;

/// A point of a histogram as a collector gets it.
///
/// @param buckets their upper bounds
public record CollectedMetric(
    String name, String unit, Map<String, String> attributes, long count, List<Double> buckets) {
  static List<CollectedMetric> of(Metric metric) {
    return metric.getHistogram().getDataPointsList().stream()
        .map(point ->
            new CollectedMetric(
                metric.getName(),
                metric.getUnit(),
                CollectedSpan.attributes(point.getAttributesList()),
                point.getCount(),
                point.getExplicitBoundsList()))
        .toList();
  }
}
