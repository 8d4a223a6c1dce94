package trunkline.trace;

import org.jspecify.annotations.Nullable;

/// What a message is about, as far as this server knows it: what a client made up is not here.
///
/// @param method one that this server answers or hears
/// @param tool one of the catalog
/// @param prompt one of the catalog
/// @param uri of a resource that is listed
public record Target(
    String method, @Nullable String tool, @Nullable String prompt, @Nullable String uri) {
  /// A method that is about nothing in particular.
  public static Target of(String method) {
    return new Target(method, null, null, null);
  }

  /// A method that is not there.
  public static Target unknown() {
    return of(Conventions.OTHER);
  }

  public static Target tool(String method, @Nullable String tool) {
    return new Target(method, tool, null, null);
  }

  public static Target prompt(String method, @Nullable String prompt) {
    return new Target(method, null, prompt, null);
  }

  public static Target resource(String method, @Nullable String uri) {
    return new Target(method, null, null, uri);
  }

  /// `tools/call weather`; URIs are too many for a name.
  String spanName() {
    if (tool != null) {
      return method + " " + tool;
    }
    return prompt == null ? method : method + " " + prompt;
  }
}
