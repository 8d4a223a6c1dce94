package trunkline.protocol.run;

import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message;
import trunkline.protocol.wire.Revision;

/// A request without a session, and all that it takes to answer it.
///
/// @param asks whether its answer may be that its client is asked for input, or asked to send it
///   again (MCP 2026-07-28, Multi Round-Trip Requests: few methods may)
/// @param finish completes a result for the client
public record LoneRequest(
    Caller caller,
    Revision revision,
    Message.Request message,
    Method method,
    boolean asks,
    UnaryOperator<ObjectNode> finish) {}
