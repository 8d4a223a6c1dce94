package trunkline.feature;

import trunkline.jsonrpc.Message.Notification;

/// The running cluster, as seen from any of its instances. Each method returns after the commit,
/// and what was committed is delivered although this instance dies.
public interface ServerHandle {
  /// To one session, whichever instance holds its stream.
  ///
  /// @throws trunkline.jsonrpc.MessageTooLarge when it has more bytes than `--message-bytes-max`
  ///   allows
  SendOutcome send(String sessionId, Notification notification);

  /// To every session that lives now: one row, however many there are.
  ///
  /// @throws trunkline.jsonrpc.MessageTooLarge when it has more than 256 KiB, or than
  ///   `--message-bytes-max` allows
  void broadcast(Notification notification);

  /// To the sessions that subscribed to this resource.
  void resourceUpdated(String uri);

  /// Switches a feature on or off on every instance; clients are notified if that changed it.
  void setEnabled(FeatureKind kind, String key, boolean enabled);

  /// Switches a feature on or off for one principal, whatever the general switch says; clients of
  /// that principal are notified if that changed their list.
  ///
  /// @param principal its name; with the key at most 2,500 bytes
  /// @throws IllegalArgumentException when there are 10,000 such switches
  void setEnabled(FeatureKind kind, String key, boolean enabled, String principal);

  /// Takes that back: the general switch counts for this principal too.
  void resetEnabled(FeatureKind kind, String key, String principal);

  /// Reports that a user is done at a web page ([RequestContext#elicitUrl]): waiting handlers go
  /// on, and the asked client is notified.
  ///
  /// @param principal the user whom the page authenticated; others must not complete it
  /// @return false when that changed nothing: completed before, expired, not this principal's, or
  ///   the session that asked has ended
  boolean completeElicitation(String elicitationId, String principal);

  /// Ends a session: its id is unknown everywhere from now on.
  ///
  /// @return whether it lived
  boolean end(String sessionId);
}
