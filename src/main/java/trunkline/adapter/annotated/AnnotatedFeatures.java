package trunkline.adapter.annotated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trunkline.feature.Catalog;
import trunkline.feature.Feature;

/// The features of objects whose methods carry annotations of other servers; the package's
/// documentation says which.
///
/// @param features in the order of the objects, and of the methods' names within one
public record AnnotatedFeatures(List<Feature> features) {
  public AnnotatedFeatures {
    features = List.copyOf(features);
  }

  /// Reads the methods of these objects.
  ///
  /// @throws IllegalArgumentException when a method cannot be run here; it names class and method,
  ///   and says what would be right
  public static AnnotatedFeatures of(Object... beans) {
    var found = new ArrayList<Marked>();
    for (var bean : beans) {
      var methods = Marked.methodsOf(bean);
      if (methods.isEmpty()) {
        throw new IllegalArgumentException(
            "%s has no method that is annotated as a feature in one of the packages %s%s"
                .formatted(
                    bean.getClass().getName(),
                    Arrays.toString(Vocabulary.values()),
                    Vocabulary.hint(bean.getClass())));
      }
      found.addAll(methods);
    }
    var completions = new Completions(found);
    var features = new ArrayList<Feature>();
    for (var method : found) {
      switch (method.role()) {
        case TOOL -> features.add(ToolMethod.tool(method));
        case PROMPT -> features.add(PromptMethod.prompt(method, completions));
        case RESOURCE -> features.add(ResourceMethod.resource(method));
        case TEMPLATE -> features.add(ResourceMethod.template(method, completions));
        case COMPLETE_PROMPT, COMPLETE_TEMPLATE -> {} // with what they complete
      }
    }
    completions.requireAllUsed();
    return new AnnotatedFeatures(features);
  }

  /// Adds them to a catalog.
  public void addTo(Catalog.Builder catalog) {
    catalog.add(features.toArray(Feature[]::new));
  }
}
