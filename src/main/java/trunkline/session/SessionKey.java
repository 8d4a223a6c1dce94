package trunkline.session;

/// A session inside the database; never leaves the server.
public record SessionKey(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
