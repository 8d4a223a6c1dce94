package trunkline.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// HMAC-SHA-256 of arguments in their canonical form: members sorted by their names' UTF-16 units,
/// nothing between the tokens, texts and numbers as the server writes them. A digest without a key
/// would give away every argument that can be guessed; `trunkline.audit_digest` makes the same.
final class ArgumentDigest {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  ArgumentDigest(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /// Null where there are none.
  byte @Nullable [] of(JsonNode arguments) {
    if (arguments.isMissingNode() || arguments.isNull()) {
      return null;
    }
    var text = new StringBuilder();
    write(arguments, text);
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static void write(JsonNode json, StringBuilder to) {
    switch (json) {
      case ObjectNode object -> {
        var members = new TreeMap<String, JsonNode>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        writeAll(members, to);
      }
      case ArrayNode array -> {
        to.append('[');
        var separator = "";
        for (var element : array) {
          to.append(separator);
          write(element, to);
          separator = ",";
        }
        to.append(']');
      }
      default -> to.append(Codec.mapper().writeValueAsString(json));
    }
  }

  private static void writeAll(Map<String, JsonNode> members, StringBuilder to) {
    to.append('{');
    var separator = "";
    for (var member : members.entrySet()) {
      to.append(separator).append(Codec.mapper().writeValueAsString(member.getKey())).append(':');
      write(member.getValue(), to);
      separator = ",";
    }
    to.append('}');
  }
}
