package trunkline.feature;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Has clients of the stateless era repeat this argument in the header `Mcp-Param-…`, so that
/// whatever is between can route by it (MCP 2026-07-28, Streamable HTTP). For texts, whole numbers
/// and booleans; never for a secret.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface InHeader {
  /// The header's name without `Mcp-Param-`.
  String value();
}
