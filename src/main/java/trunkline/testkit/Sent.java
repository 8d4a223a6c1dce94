package trunkline.testkit;

import java.util.Optional;
import trunkline.jsonrpc.Message.Notification;

/// A notification that a handler sent.
///
/// @param sessionId its session; empty: to all
public record Sent(Optional<String> sessionId, Notification notification) {}
