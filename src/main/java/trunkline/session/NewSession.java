package trunkline.session;

import tools.jackson.databind.node.ObjectNode;

/// The session to open, as `initialize` asks for it.
///
/// @param id chosen by whoever opens it, so that it may be opened again when the outcome is unknown
/// @param clientCapabilities `capabilities` as the client sent them
/// @param clientInfo `clientInfo` as the client sent it
/// @param toolset the part of the catalog that it is for; empty: the whole
public record NewSession(
    SessionId id,
    String revision,
    Principal principal,
    ObjectNode clientCapabilities,
    ObjectNode clientInfo,
    String toolset) {}
