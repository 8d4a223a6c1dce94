package trunkline.testing;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A span as a collector gets it.
///
/// @param parent empty for a root
/// @param links ids of other spans
public record CollectedSpan(
    String trace,
    String id,
    String parent,
    String name,
    Span.SpanKind kind,
    Map<String, String> attributes,
    List<String> links,
    boolean failed,
    String service,
    long begunNanos,
    long endedNanos) {

  static CollectedSpan of(Span span, String service) {
    return new CollectedSpan(
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getName(),
        span.getKind(),
        attributes(span.getAttributesList()),
        span.getLinksList().stream().map(link -> hex(link.getSpanId())).toList(),
        span.getStatus().getCodeValue() == 2,
        service,
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano());
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  static Map<String, String> attributes(List<KeyValue> given) {
    var attributes = new TreeMap<String, String>();
    given.forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
    return attributes;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> value.toString();
    };
  }

  /// Of an attribute; empty without it.
  public String say(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  public boolean isOn(TestCluster.Instance instance) {
    return say("trunkline.instance").equals(Integer.toString(instance.id()));
  }
}
