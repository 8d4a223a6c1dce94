package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads enums: what each constant is in JSON, its title and its description.
final class Constants {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Constants() {}

  static Choice of(Class<?> type) {
    List<Choice.Option> options = new ArrayList<>();
    var seen = new HashSet<JsonNode>();
    for (var constant : type.getEnumConstants()) {
      var option = option(type, (Enum<?>) constant);
      if (!seen.add(option.json())) {
        throw new IllegalArgumentException(
            type.getName() + " has two constants that are " + option.json());
      }
      options.add(option);
    }
    if (options.isEmpty()) {
      throw new IllegalArgumentException(type.getName() + " has no constants");
    }
    if (options.stream().map(option -> option.json().getNodeType()).distinct().count() > 1) {
      throw new IllegalArgumentException(type.getName() + " is of strings and of numbers");
    }
    Jackson.requireSame(type, options);
    var marks = Marks.of(type);
    marks.limits(); // refuses what is not followed
    return new Choice(List.copyOf(options), marks);
  }

  private static Choice.Option option(Class<?> type, Enum<?> constant) {
    try {
      var marks = Marks.of(type.getField(constant.name()));
      return new Choice.Option(
          constant,
          json(type, constant, marks),
          marks.ours("Title").orElse(""),
          marks.description().orElse(""));
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(constant + " is no field of " + type, e);
    }
  }

  private static JsonNode json(Class<?> type, Enum<?> constant, Marks marks) {
    var value = Jackson.value(type).map(each -> new Getter(each).get(constant));
    if (value.isEmpty()) {
      return NODES.stringNode(
          marks
              .find(JsonProperty.class)
              .map(JsonProperty::value)
              .filter(name -> !name.isEmpty())
              .orElse(constant.name()));
    }
    return switch (value.get()) {
      case String text -> NODES.stringNode(text);
      case Integer whole -> NODES.numberNode(whole);
      case Long whole -> NODES.numberNode(whole);
      default ->
          throw new IllegalArgumentException(
              type.getName()
                  + "."
                  + constant.name()
                  + ": its @"
                  + JsonValue.class.getSimpleName()
                  + " is neither a string nor an int nor a long");
    };
  }
}
