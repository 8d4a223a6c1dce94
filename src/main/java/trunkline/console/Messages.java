package trunkline.console;

import java.util.List;

/// What the messages of a session say, for the template.
///
/// @param older what to ask for the page after this one; empty when there is none
public record Messages(long session, List<Message> messages, String older) {
  /// One of them.
  ///
  /// @param delivered whether its client is known to have it
  /// @param text its beginning
  /// @param cut whether there is more of it
  public record Message(
      long event,
      long stream,
      String at,
      String bytes,
      boolean delivered,
      String text,
      boolean cut) {}
}
