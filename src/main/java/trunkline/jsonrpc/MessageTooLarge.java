package trunkline.jsonrpc;

/// A message to clients has more bytes than it may have; nothing of it was sent. The text names
/// both sizes and may be shown to the client.
public final class MessageTooLarge extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param what what has so many bytes, for instance `a message`
  /// @param limit where the limit is set
  public MessageTooLarge(String what, int bytes, int max, String limit) {
    super(what + " of " + bytes + " bytes: the limit is " + max + " (" + limit + ")");
  }
}
