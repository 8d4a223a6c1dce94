package trunkline.feature;

import java.util.Map;

/// Many resources under one pattern of URIs. Made by [#matching(String)].
public record ResourceTemplate(
    UriTemplate template,
    ResourceListing listing,
    ResourceReader reader,
    Map<String, Completer> completers,
    Access access)
    implements Feature {
  public ResourceTemplate {
    completers = Map.copyOf(completers);
    if (listing.size() != null) {
      throw new IllegalArgumentException(
          "the template " + template.pattern() + " has a size, which only a resource has");
    }
    for (var variable : completers.keySet()) {
      if (!template.variables().contains(variable)) {
        throw new IllegalArgumentException(template + " has no variable " + variable);
      }
    }
  }

  /// One for everybody.
  public ResourceTemplate(
      UriTemplate template,
      ResourceListing listing,
      ResourceReader reader,
      Map<String, Completer> completers) {
    this(template, listing, reader, completers, Access.OPEN);
  }

  /// An RFC 6570 template, such as `file:///{+path}` or `orders://{id}/lines{?page}`.
  public static ResourceBuilder<ResourceTemplate> matching(String uriTemplate) {
    var template = UriTemplate.parse(uriTemplate);
    return new ResourceBuilder<>(
        uriTemplate,
        (listing, reader, completers, access) ->
            new ResourceTemplate(template, listing, reader, completers, access));
  }

  @Override
  public FeatureKind kind() {
    return FeatureKind.TEMPLATE;
  }

  @Override
  public String key() {
    return template.pattern();
  }
}
