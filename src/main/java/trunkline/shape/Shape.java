package trunkline.shape;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One description of a Java type in JSON, from which schema, reading and writing follow.
sealed interface Shape
    permits Text,
        Whole,
        Decimal,
        Flag,
        Spelled,
        Choice,
        Sequence,
        Dictionary,
        Structure,
        Alternatives,
        Converted,
        Tree {
  /// A new schema, to which its user may add.
  ObjectNode schema();

  /// Makes the value, or tells what is wrong.
  ///
  /// @return null when it was refused
  @Nullable Object read(JsonNode json, Reading reading);

  /// @throws Unwritable when JSON, or the schema, has no such value
  JsonNode write(Object value);

  /// The same with a limit more.
  ///
  /// @throws IllegalArgumentException when the limit has no meaning here
  default Shape limited(Limit limit) {
    throw new IllegalArgumentException(
        limit.source() + " is for " + limit.use() + ", not " + noun());
  }

  /// Equal for JSON that is read as equal, as far as the schema can tell: numbers by value, and
  /// null as absent.
  default Object comparable(JsonNode json) {
    return JsonNumber.comparable(json);
  }

  /// What is expected, as in "expected an integer".
  String noun();
}
