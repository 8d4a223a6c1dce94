package trunkline.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Documents along a schema, most of them valid, and their mutations. Knows the keywords that
/// shapes use, and nothing of shapes.
final class Documents {
  private static final List<String> STRINGS =
      List.of(
          "",
          " ",
          "a",
          "b",
          "ab",
          "xx",
          "abc",
          "abcdef",
          "\u00a0",
          "\ud83d\ude00",
          "\n",
          "a\n",
          "AB-12",
          "AB-12\n",
          "xAB-1",
          "1234",
          "0123456789",
          "SMALL",
          "RED",
          "1st",
          "up-wards",
          "Circle",
          "cash",
          "card",
          "type",
          "true",
          "5",
          "null",
          "ada@example.org",
          "ada@",
          "@",
          "2026-11-29",
          "2026-02-30",
          "2024-02-29",
          "0000-01-01",
          "+12026-01-01",
          "2026-1-1",
          "12:30",
          "23:59:59.123456789",
          "24:00",
          "12:30:60",
          "12:30Z",
          "12",
          "2026-11-29T12:30",
          "2024-02-29T00:00:00.5",
          "2026-02-30T12:30:00",
          "2026-11-29T12:30:00Z",
          "2026-11-29t12:30:00.123z",
          "2026-11-29T12:30:00+23:00",
          "2026-11-29T12:30:00-18:00",
          "2026-11-29T12:30:00+18:01",
          "2016-12-31T23:59:60Z",
          "2026-11-29 12:30:00Z",
          "2026-11-29T12:30Z",
          "2026-11-29T12:30:00.1234567890123Z",
          "2026-11-29T12:30:00-00:00",
          "2026-11-29T24:00:00Z",
          "PT1H30M",
          "P2D",
          "P1Y",
          "P1W",
          "PT",
          "P",
          "-PT1.5S",
          "PT-1S",
          "pt1s",
          "PT0.123456789S",
          "P99999999DT99999999999H999999M9999999S",
          "PT9999999999999S",
          "P1DT",
          "8b4f9a52-3c1d-4e6f-9a70-1b2c3d4e5f60",
          "8B4F9A52-3C1D-4E6F-9A70-1B2C3D4E5F60",
          "1-1-1-1-1",
          "8b4f9a523c1d4e6f9a701b2c3d4e5f60",
          "https://example.org/",
          "urn:a:b",
          "/relative",
          "http://a b",
          "http://\u00e4/",
          "mailto:",
          "http://a/%zz",
          "x:",
          "http://[::1]:80/?q#f",
          "QUI=",
          "QUJD",
          "QQ==",
          "QR==",
          "QQ=",
          "Q",
          "!!!!");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "0.0",
          "-0.0",
          "1",
          "1.0",
          "1e0",
          "2",
          "3",
          "5",
          "7",
          "9",
          "10",
          "10.0",
          "-1",
          "-5",
          "0.1",
          "0.5",
          "-0.5",
          "9.9",
          "9.8999",
          "0.10000000149011612",
          "127",
          "128",
          "-128",
          "-129",
          "32767",
          "32768",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "2.147483647e9",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "9.223372036854775807e18",
          "1e19",
          "-1e19",
          "1e20",
          "1e21",
          "99999999999999999999",
          "123456789012345678901234567890",
          "3.4028234663852886e38",
          "3.4028235e38",
          "1e39",
          "1e300",
          "1e-300",
          "1e-7",
          "1.5");

  private static final List<String> OTHERS =
      List.of(
          "null", "true", "false", "[]", "{}", "[1,1.0]", "[null]", "{\"x\":null}", "{\"a\":1}");

  private final Random random;

  Documents(long seed) {
    random = new Random(seed);
  }

  /// Valid as far as a string or number that fits is known.
  JsonNode along(JsonNode schema) {
    if (schema.path("oneOf") instanceof ArrayNode choices) {
      return along(pick(choices));
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum") instanceof ArrayNode values) {
      return pick(values);
    }
    return switch (schema.path("type").asString("")) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "string" -> fitting(schema, STRINGS.stream().map(Documents::text).toList());
      case "integer", "number" -> fitting(schema, NUMBERS.stream().map(Codec::tree).toList());
      case "boolean" -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
      default -> anything();
    };
  }

  private JsonNode object(JsonNode schema) {
    var object = Codec.object();
    var required = StreamSupport.stream(schema.path("required").spliterator(), false).toList();
    for (var property : schema.path("properties").properties()) {
      var name = JsonNodeFactory.instance.stringNode(property.getKey());
      if (required.contains(name) || random.nextBoolean()) {
        object.set(property.getKey(), along(property.getValue()));
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      for (var i = between(schema, "minProperties", "maxProperties"); i > 0; i--) {
        object.set(pick(STRINGS) + i, along(schema.get("additionalProperties")));
      }
    }
    return object;
  }

  private JsonNode array(JsonNode schema) {
    var array = Codec.array();
    for (var i = between(schema, "minItems", "maxItems"); i > 0; i--) {
      array.add(along(schema.path("items")));
    }
    return array;
  }

  private int between(JsonNode schema, String least, String most) {
    var min = schema.path(least).asInt(0);
    return min + random.nextInt(Math.min(3, schema.path(most).asInt(9) - min + 1));
  }

  private JsonNode fitting(JsonNode schema, List<JsonNode> candidates) {
    var start = random.nextInt(candidates.size());
    for (var i = 0; i < candidates.size(); i++) {
      var candidate = candidates.get((start + i) % candidates.size());
      if (fits(schema, candidate)) {
        return candidate;
      }
    }
    return candidates.get(start);
  }

  private static boolean fits(JsonNode schema, JsonNode value) {
    if (!value.isString()) {
      var number = value.decimalValue();
      return !(schema.path("type").asString().equals("integer")
              && number.stripTrailingZeros().scale() > 0)
          && (!schema.has("minimum") || number.compareTo(schema.get("minimum").decimalValue()) >= 0)
          && (!schema.has("maximum") || number.compareTo(schema.get("maximum").decimalValue()) <= 0)
          && (!schema.has("exclusiveMinimum")
              || number.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0)
          && (!schema.has("exclusiveMaximum")
              || number.compareTo(schema.get("exclusiveMaximum").decimalValue()) < 0);
    }
    var text = value.asString();
    return matches(schema, text)
        && StreamSupport.stream(schema.path("allOf").spliterator(), false)
            .allMatch(each -> matches(each, text))
        && text.length() >= schema.path("minLength").asInt(0)
        && text.length() <= schema.path("maxLength").asInt(99)
        && switch (schema.path("format").asString("")) {
          case "date" -> text.matches("\\d{4}-\\d\\d-\\d\\d");
          case "date-time" -> text.matches("\\d{4}.*T\\d\\d:\\d\\d:\\d\\d.*[Z0]");
          case "uuid" -> text.length() == 36;
          case "uri" -> text.contains(":") && !text.contains("-");
          case "email" -> text.contains("@");
          default -> true;
        };
  }

  private static boolean matches(JsonNode schema, String text) {
    return !schema.has("pattern")
        || Pattern.compile(schema.get("pattern").asString()).matcher(text).find();
  }

  /// The same with one thing in it changed.
  JsonNode mutated(JsonNode document) {
    return switch (document) {
      case ObjectNode object when !object.isEmpty() && random.nextInt(5) > 0 -> inside(object);
      case ArrayNode array when !array.isEmpty() && random.nextInt(4) > 0 -> {
        var copy = array.deepCopy();
        var at = random.nextInt(copy.size());
        yield random.nextInt(4) == 0 ? copy.add(copy.get(at)) : copy.set(at, mutated(copy.get(at)));
      }
      default -> replaced(document);
    };
  }

  private JsonNode inside(ObjectNode object) {
    var copy = object.deepCopy();
    var name = pick(new ArrayList<>(copy.propertyNames()));
    switch (random.nextInt(8)) {
      case 0 -> copy.remove(name);
      case 1 -> copy.set(pick(STRINGS), anything());
      case 2 -> copy.putNull(name);
      default -> copy.set(name, mutated(copy.get(name)));
    }
    return copy;
  }

  private JsonNode replaced(JsonNode value) {
    if (value.isNumber() && random.nextInt(4) > 0) {
      return Codec.tree(pick(NUMBERS));
    }
    if (value.isString() && random.nextInt(4) > 0) {
      return text(pick(STRINGS));
    }
    if (value.isObject() && random.nextBoolean()) {
      return ((ObjectNode) value.deepCopy()).set(pick(STRINGS), anything());
    }
    return anything();
  }

  private JsonNode anything() {
    return switch (random.nextInt(3)) {
      case 0 -> text(pick(STRINGS));
      case 1 -> Codec.tree(pick(NUMBERS));
      default -> Codec.tree(pick(OTHERS));
    };
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private JsonNode pick(ArrayNode array) {
    return array.get(random.nextInt(array.size()));
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }
}
