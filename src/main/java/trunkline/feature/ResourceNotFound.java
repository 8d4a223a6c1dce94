package trunkline.feature;

/// No resource at this URI. A reader throws it when its template matches but nothing is there.
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
