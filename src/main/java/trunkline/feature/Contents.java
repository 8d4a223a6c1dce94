package trunkline.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Features in the order of registration, kind by kind.
///
/// @param all of them
record Contents(
    List<Feature> all,
    FeatureList<Tool> tools,
    FeatureList<Resource> resources,
    FeatureList<ResourceTemplate> templates,
    FeatureList<Prompt> prompts) {

  /// @throws IllegalArgumentException when two of a kind have one key
  static Contents of(List<Feature> all, int pageSize) {
    return new Contents(
        List.copyOf(all),
        list(all, FeatureKind.TOOL, Tool.class, pageSize),
        list(all, FeatureKind.RESOURCE, Resource.class, pageSize),
        list(all, FeatureKind.TEMPLATE, ResourceTemplate.class, pageSize),
        list(all, FeatureKind.PROMPT, Prompt.class, pageSize));
  }

  private static <F extends Feature> FeatureList<F> list(
      List<Feature> all, FeatureKind kind, Class<F> type, int pageSize) {
    var some = all.stream().filter(type::isInstance).map(type::cast).toList();
    return new FeatureList<>(kind, some, pageSize);
  }

  /// Those of which it is true, and the pages of the tools among them.
  Contents part(Predicate<Feature> wanted, int pageSize) {
    var views =
        tools.all().stream()
            .filter(wanted)
            .flatMap(tool -> tool.view().stream())
            .collect(Collectors.toSet());
    var some = new ArrayList<Feature>();
    for (var feature : all) {
      if (wanted.test(feature)
          || (feature.kind() == FeatureKind.RESOURCE && views.contains(feature.key()))) {
        some.add(feature);
      }
    }
    return of(some, pageSize);
  }

  /// One kind's.
  List<? extends Feature> of(FeatureKind kind) {
    return switch (kind) {
      case TOOL -> tools.all();
      case RESOURCE -> resources.all();
      case TEMPLATE -> templates.all();
      case PROMPT -> prompts.all();
    };
  }
}
