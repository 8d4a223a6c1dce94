package trunkline.jsonrpc;

/// A message to clients that exceeds its limit; nothing of it was sent. The text names both sizes
/// and may be shown to the client.
public final class MessageTooLarge extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param what the subject of the text, such as `a message`
  /// @param limit where the limit is set
  public MessageTooLarge(String what, int bytes, int max, String limit) {
    super(what + " of " + bytes + " bytes: the limit is " + max + " (" + limit + ")");
  }
}
