package trunkline.feature;

import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.shape.Binding;

/// A tool that the client's model may ask for while it is sampled. It is for that request only, and
/// the handler that asked uses it; clients cannot call it.
public record SamplingTool(String name, String description, ObjectNode inputSchema) {
  public SamplingTool {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a tool for a model has a name");
    }
    if (!inputSchema.path("type").asString("").equals("object")) {
      throw new IllegalArgumentException(
          "the input schema of " + name + " needs \"type\": \"object\" at its root");
    }
  }

  /// Takes this record; its schema is derived.
  public static SamplingTool of(String name, String description, Class<? extends Record> input) {
    return new SamplingTool(name, description, Binding.of(input).schema());
  }

  /// The same that clients can call.
  public static SamplingTool of(Tool tool) {
    return new SamplingTool(tool.name(), tool.description(), tool.inputSchema());
  }

  ObjectNode json() {
    var json = Codec.object().put("name", name).put("description", description);
    json.set("inputSchema", inputSchema);
    return json;
  }
}
