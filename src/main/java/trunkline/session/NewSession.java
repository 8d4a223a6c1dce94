package trunkline.session;

import tools.jackson.databind.node.ObjectNode;

/// The session to open, as `initialize` asks for it.
///
/// @param clientCapabilities `capabilities` as the client sent them
/// @param clientInfo `clientInfo` as the client sent it
public record NewSession(
    String revision, Principal principal, ObjectNode clientCapabilities, ObjectNode clientInfo) {}
