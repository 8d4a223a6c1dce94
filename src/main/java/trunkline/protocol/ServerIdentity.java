package trunkline.protocol;

import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.protocol.wire.Revision;

/// The server's description of itself; for display only.
public record ServerIdentity(String name, String title, String version, String description) {
  public static ServerIdentity trunkline(String version) {
    return new ServerIdentity(
        "trunkline", "Trunkline", version, "An MCP server that scales out on PostgreSQL");
  }

  ObjectNode json(Revision revision) {
    var json = Codec.object().put("name", name).put("version", version);
    if (revision.hasTitles()) {
      json.put("title", title);
    }
    if (revision.hasImplementationDescriptions()) {
      json.put("description", description);
    }
    return json;
  }
}
