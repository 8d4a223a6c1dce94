package trunkline.shape;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A string with a grammar: a date, an identifier, bytes.
record Spelled(Spelling spelling) implements Shape {
  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "string");
    if (!spelling.format.isEmpty()) {
      schema.put("format", spelling.format);
    }
    if (!spelling.pattern.isEmpty()) {
      schema.put("pattern", spelling.pattern);
    }
    if (!spelling.encoding.isEmpty()) {
      schema.put("contentEncoding", spelling.encoding);
    }
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!json.isString()) {
      return reading.refuse(json, this);
    }
    var value = spelling.parse(json.stringValue());
    return value == null ? reading.refuse("does not fit, expected " + spelling.noun) : value;
  }

  @Override
  public JsonNode write(Object value) {
    var text = spelling.print(value);
    if (spelling.parse(text) == null) {
      throw new Unwritable("is " + text + ", expected " + spelling.noun);
    }
    return JsonNodeFactory.instance.stringNode(text);
  }

  @Override
  public String noun() {
    return spelling.noun;
  }
}
