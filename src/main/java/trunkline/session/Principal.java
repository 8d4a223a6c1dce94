package trunkline.session;

/// The sender of a request, as the authenticator says. Sessions belong to one; another principal's
/// session does not exist for it.
public record Principal(String name) {
  public static final Principal ANONYMOUS = new Principal("anonymous");

  public Principal {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a principal needs a name");
    }
  }
}
