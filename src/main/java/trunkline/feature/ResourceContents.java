package trunkline.feature;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The contents of a resource: text, or bytes in base64.
public sealed interface ResourceContents {
  String uri();

  @Nullable String mimeType();

  Meta meta();

  record Text(String uri, @Nullable String mimeType, String text, Meta meta)
      implements ResourceContents {
    public Text(String uri, @Nullable String mimeType, String text) {
      this(uri, mimeType, text, Meta.NONE);
    }
  }

  record Blob(String uri, @Nullable String mimeType, String base64, Meta meta)
      implements ResourceContents {
    public Blob(String uri, @Nullable String mimeType, String base64) {
      this(uri, mimeType, base64, Meta.NONE);
    }
  }

  static ResourceContents text(String uri, @Nullable String mimeType, String text) {
    return new Text(uri, mimeType, text);
  }

  static ResourceContents blob(String uri, @Nullable String mimeType, byte[] bytes) {
    return new Blob(uri, mimeType, Base64.getEncoder().encodeToString(bytes));
  }

  /// The same with this `_meta` instead of its own.
  default ResourceContents withMeta(Meta meta) {
    return switch (this) {
      case Text(var uri, var type, var text, var _) -> new Text(uri, type, text, meta);
      case Blob(var uri, var type, var base64, var _) -> new Blob(uri, type, base64, meta);
    };
  }

  /// The newest revision's spelling.
  default ObjectNode json() {
    var json = Codec.object().put("uri", uri());
    if (mimeType() != null) {
      json.put("mimeType", mimeType());
    }
    switch (this) {
      case Text text -> json.put("text", text.text());
      case Blob blob -> json.put("blob", blob.base64());
    }
    return meta().addTo(json);
  }
}
