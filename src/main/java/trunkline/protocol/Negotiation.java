package trunkline.protocol;

import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.method.Methods;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.Revision;
import trunkline.session.Principal;

/// Answers `initialize`: which revision it will be, and what both sides can do.
final class Negotiation {
  /// The limit of what a stranger may make us keep.
  private static final int DECLARATION_LENGTH_MAX = 16 * 1024;

  private final Methods methods;

  Negotiation(Methods methods) {
    this.methods = methods;
  }

  /// The agreement; the session keeps the first three, the client gets the result.
  record Agreed(
      Revision revision, ObjectNode capabilities, ObjectNode clientInfo, ObjectNode result) {}

  Agreed initialize(Principal principal, ObjectNode params) {
    var given = new Params(params);
    var revision = Revision.negotiate(given.string("protocolVersion"));
    var capabilities = bounded(given.object("capabilities"), "capabilities");
    var clientInfo = bounded(given.object("clientInfo"), "clientInfo");
    var result = Codec.object().put("protocolVersion", revision.version());
    result.set(
        "capabilities", methods.capabilities(revision, !principal.equals(Principal.ANONYMOUS)));
    result.set("serverInfo", methods.identity().introduction(revision));
    methods.identity().instructionsForModel().ifPresent(text -> result.put("instructions", text));
    return new Agreed(revision, capabilities, clientInfo, result);
  }

  private static ObjectNode bounded(ObjectNode declared, String name) {
    if (Codec.text(declared).length() > DECLARATION_LENGTH_MAX) {
      throw RpcException.invalidParams(
          "params." + name + " is longer than " + DECLARATION_LENGTH_MAX + " characters");
    }
    return declared;
  }
}
