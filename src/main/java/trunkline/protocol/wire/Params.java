package trunkline.protocol.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;

/// Reads a stranger's params; an error names the path of what is missing or has the wrong type.
public record Params(ObjectNode json, String path) {
  /// The limit of a text that people read in a table.
  private static final int ABBREVIATED_LENGTH_MAX = 200;

  public Params(ObjectNode json) {
    this(json, "params");
  }

  public String string(String name) {
    return findString(name)
        .orElseThrow(() -> RpcException.invalidParams(path + "." + name + " is missing"));
  }

  public Optional<String> findString(String name) {
    var value = json.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw RpcException.invalidParams(path + "." + name + " must be a string");
    }
    return Optional.of(value.stringValue());
  }

  /// Absent is empty: a call without arguments has none.
  public ObjectNode object(String name) {
    var value = json.get(name);
    if (value == null || value.isNull()) {
      return Codec.object();
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw RpcException.invalidParams(path + "." + name + " must be an object");
  }

  public Params required(String name) {
    if (!json.hasNonNull(name)) {
      throw RpcException.invalidParams(path + "." + name + " is missing");
    }
    return new Params(object(name), path + "." + name);
  }

  /// A stranger's or a handler's text, cut to be stored for people to read: its beginning is
  /// enough, and PostgreSQL's text has no NUL.
  public static String abbreviate(String text) {
    return abbreviate(text, ABBREVIATED_LENGTH_MAX);
  }

  public static String abbreviate(String text, int lengthMax) {
    var storable = text.replace("\0", "");
    if (storable.length() <= lengthMax) {
      return storable;
    }
    var between = Character.isHighSurrogate(storable.charAt(lengthMax - 1)) ? 1 : 0;
    return storable.substring(0, lengthMax - between);
  }

  /// An object of strings, such as a prompt's arguments.
  public Map<String, String> strings(String name) {
    var object = object(name);
    Map<String, String> strings = new LinkedHashMap<>();
    for (var entry : object.properties()) {
      if (!entry.getValue().isString()) {
        throw RpcException.invalidParams(
            path + "." + name + "." + entry.getKey() + " must be a string");
      }
      strings.put(entry.getKey(), entry.getValue().stringValue());
    }
    return strings;
  }
}
