package trunkline.feature;

/// Something to read at a fixed URI. Made by [#at(String)].
public record Resource(String uri, ResourceListing listing, ResourceReader reader)
    implements Feature {
  public static ResourceBuilder<Resource> at(String uri) {
    return new ResourceBuilder<>(
        uri, (listing, reader, completers) -> new Resource(uri, listing, reader));
  }

  @Override
  public FeatureKind kind() {
    return FeatureKind.RESOURCE;
  }

  @Override
  public String key() {
    return uri;
  }
}
