package trunkline.feature;

/// There is no resource at this URI. A reader throws it when its template matches and yet there is
/// nothing.
public final class ResourceNotFound extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String uri;

  public ResourceNotFound(String uri) {
    super("Resource not found: " + uri, null, false, false);
    this.uri = uri;
  }

  public String uri() {
    return uri;
  }
}
