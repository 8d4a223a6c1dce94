package trunkline.feature;

import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// One thing said in a conversation.
public record PromptMessage(Role role, Content content) {
  public PromptMessage {
    if (content.isOfSampling()) {
      throw new IllegalArgumentException("uses of tools are for a client's model only");
    }
  }

  public static PromptMessage user(String text) {
    return new PromptMessage(Role.USER, Content.text(text));
  }

  public static PromptMessage assistant(String text) {
    return new PromptMessage(Role.ASSISTANT, Content.text(text));
  }

  public ObjectNode json() {
    var json = Codec.object().put("role", role.json());
    json.set("content", content.json());
    return json;
  }
}
