package trunkline.feature;

/// Something to read at a fixed URI. Made by [#at(String)].
public record Resource(String uri, ResourceListing listing, ResourceReader reader, Access access)
    implements Feature {
  /// One for everybody.
  public Resource(String uri, ResourceListing listing, ResourceReader reader) {
    this(uri, listing, reader, Access.OPEN);
  }

  public static ResourceBuilder<Resource> at(String uri) {
    return new ResourceBuilder<>(
        uri, (listing, reader, completers, access) -> new Resource(uri, listing, reader, access));
  }

  /// A page that clients show in a sandbox, such as the view of a tool ([ToolBuilder#ui]): HTML of
  /// the type [AppView#MIME_TYPE].
  ///
  /// @param uri begins with `ui://`
  /// @param view what the page may do
  public static ResourceBuilder<Resource> app(String uri, AppView view) {
    if (!uri.startsWith(AppView.SCHEME)) {
      throw new IllegalArgumentException(
          "the URI of a page for clients begins with ui://, as in ui://shop/cart.html, not " + uri);
    }
    return at(uri).mimeType(AppView.MIME_TYPE).view(view.json());
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
