package trunkline.session;

import tools.jackson.databind.node.ObjectNode;

/// What `initialize` says about the session to open.
///
/// @param clientCapabilities `capabilities` as the client sent them
/// @param clientInfo `clientInfo` as the client sent it
public record NewSession(
    String revision, Principal principal, ObjectNode clientCapabilities, ObjectNode clientInfo) {}
