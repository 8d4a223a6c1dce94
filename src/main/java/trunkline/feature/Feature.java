package trunkline.feature;

/// Something that a catalog lists. The key is a tool's or prompt's name, a resource's URI, a
/// template's pattern.
public sealed interface Feature permits Tool, Resource, ResourceTemplate, Prompt {
  FeatureKind kind();

  String key();

  /// Who sees it, and what it takes to use it.
  Access access();
}
