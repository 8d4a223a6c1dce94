package trunkline.feature;

import java.util.Map;

/// The resource to read. The variables are those of a template, percent-decoded: strangers chose
/// them, so check them before they become a path or a query.
public record ResourceRequest(String uri, Map<String, String> variables) {
  public ResourceRequest {
    variables = Map.copyOf(variables);
  }

  /// The value of a template's variable.
  ///
  /// @throws IllegalArgumentException when the template has no such variable
  public String variable(String name) {
    var value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no variable " + name + " in " + uri);
    }
    return value;
  }
}
