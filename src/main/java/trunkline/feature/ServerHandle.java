package trunkline.feature;

import trunkline.jsonrpc.Message.Notification;

/// The running cluster, as seen from any of its instances. Each method returns after the commit,
/// and what was committed is delivered although this instance dies.
public interface ServerHandle {
  /// To one session, whichever instance holds its stream.
  SendOutcome send(String sessionId, Notification notification);

  /// To every session that lives now: one row, however many there are.
  void broadcast(Notification notification);

  /// To the sessions that subscribed to this resource.
  void resourceUpdated(String uri);

  /// Switches a feature on or off on every instance; clients are told when that changed anything.
  void setEnabled(FeatureKind kind, String key, boolean enabled);

  /// Ends a session: its id is unknown everywhere from now on.
  ///
  /// @return whether it lived
  boolean end(String sessionId);
}
