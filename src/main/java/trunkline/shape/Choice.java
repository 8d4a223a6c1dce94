package trunkline.shape;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// One of a few values: an enum.
record Choice(List<Option> options, Marks marks) implements Shape {
  /// @param title empty when it has none
  /// @param description empty when it has none
  record Option(Object constant, JsonNode json, String title, String description) {
    boolean isBare() {
      return title.isEmpty() && description.isEmpty();
    }
  }

  /// Plain values as `enum`; where one has a title or a description, as `oneOf` of constants.
  @Override
  public ObjectNode schema() {
    var schema = Codec.object();
    schema.put("type", options.getFirst().json.isString() ? "string" : "integer");
    marks.describe(schema);
    if (options.stream().allMatch(Option::isBare)) {
      var values = schema.putArray("enum");
      options.forEach(option -> values.add(option.json));
      return schema;
    }
    var choices = schema.putArray("oneOf");
    for (var option : options) {
      var choice = choices.addObject();
      choice.set("const", option.json);
      choice.put("title", option.title.isEmpty() ? option.json.asString() : option.title);
      if (!option.description.isEmpty()) {
        choice.put("description", option.description);
      }
    }
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    for (var option : options) {
      if (isSame(json, option.json)) {
        return option.constant;
      }
    }
    return reading.refuse("is none of the choices, expected " + noun());
  }

  private static boolean isSame(JsonNode json, JsonNode option) {
    var number = JsonNumber.exact(json);
    var expected = JsonNumber.exact(option);
    return number != null && expected != null
        ? number.compareTo(expected) == 0
        : json.equals(option);
  }

  @Override
  public JsonNode write(Object value) {
    return options.stream()
        .filter(option -> option.constant == value)
        .findFirst()
        .orElseThrow(() -> new Unwritable("is " + value + ", expected " + noun()))
        .json;
  }

  @Override
  public String noun() {
    return "one of "
        + options.stream().map(option -> Codec.text(option.json)).collect(Collectors.joining(", "));
  }
}
