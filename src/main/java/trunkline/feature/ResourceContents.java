package trunkline.feature;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The contents of a resource: text, or bytes in base64.
public sealed interface ResourceContents {
  String uri();

  @Nullable String mimeType();

  record Text(String uri, @Nullable String mimeType, String text) implements ResourceContents {}

  record Blob(String uri, @Nullable String mimeType, String base64) implements ResourceContents {}

  static ResourceContents text(String uri, @Nullable String mimeType, String text) {
    return new Text(uri, mimeType, text);
  }

  static ResourceContents blob(String uri, @Nullable String mimeType, byte[] bytes) {
    return new Blob(uri, mimeType, Base64.getEncoder().encodeToString(bytes));
  }

  default ObjectNode json() {
    var json = Codec.object().put("uri", uri());
    if (mimeType() != null) {
      json.put("mimeType", mimeType());
    }
    return switch (this) {
      case Text text -> json.put("text", text.text());
      case Blob blob -> json.put("blob", blob.base64());
    };
  }
}
