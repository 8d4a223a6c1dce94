package trunkline.audit;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The trace that a client's `traceparent` names (W3C Trace Context, section 3.2).
final class TraceParent {
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  private TraceParent() {}

  /// Null where there is none, or it is malformed.
  static @Nullable String traceOf(Optional<String> traceParent) {
    return traceParent
        .map(FORM::matcher)
        .filter(found -> found.matches())
        .map(found -> found.group(1))
        .orElse(null);
  }
}
