package trunkline.feature;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A capability that a client may have declared.
public enum ClientCapability {
  SAMPLING("sampling"),
  /// Sampling with tools for the model.
  SAMPLING_TOOLS("sampling"),
  ROOTS("roots"),
  /// Elicitation by a form; an empty declaration means this one.
  ELICITATION("elicitation"),
  /// Elicitation that sends the user to an address.
  ELICITATION_URL("elicitation"),
  /// Shows pages of tools (MCP Apps, the extension `io.modelcontextprotocol/ui`).
  APPS("extensions");

  private final String key;

  ClientCapability(String key) {
    this.key = key;
  }

  /// The name under which clients declare it.
  public String key() {
    return key;
  }

  /// As a client would declare it: `{"sampling": {"tools": {}}}`.
  public ObjectNode declaration() {
    var declared = JsonNodeFactory.instance.objectNode();
    var details = declared.putObject(key);
    switch (this) {
      case SAMPLING, ROOTS, ELICITATION -> {}
      case SAMPLING_TOOLS -> details.putObject("tools");
      case ELICITATION_URL -> details.putObject("url");
      case APPS ->
          details.putObject(AppView.EXTENSION).putArray("mimeTypes").add(AppView.MIME_TYPE);
    }
    return declared;
  }

  /// Whether these declared capabilities include this one.
  public boolean isIn(JsonNode declared) {
    if (!(declared.path(key) instanceof ObjectNode details)) {
      return false;
    }
    return switch (this) {
      case SAMPLING, ROOTS -> true;
      case SAMPLING_TOOLS -> details.has("tools");
      case ELICITATION -> details.has("form") || !details.has("url");
      case ELICITATION_URL -> details.has("url");
      case APPS ->
          details
              .path(AppView.EXTENSION)
              .path("mimeTypes")
              .valueStream()
              .anyMatch(type -> type.asString("").equals(AppView.MIME_TYPE));
    };
  }
}
