package trunkline.jsonrpc;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.telemetry.Turn;

/// JSON text ⇒ a tree: the one place that bounds depth, width and length, converts numbers, and
/// phrases what is wrong. The library's own messages name its classes and settings, so they are not
/// used, and its bounds are set so that ours come first.
final class TreeReader {
  /// Bounds a text, not a value: a tree of ours is read back whatever its numbers and widths are.
  enum Source {
    STRANGER,
    OURSELVES
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Codec.NESTING_MAX + 1)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// A value costs as much as so many bytes that are only read.
  private static final int WORK_OF_A_VALUE = 64;

  private final JsonParser parser;
  private final boolean bounded;

  /// Whether a text may hold half of a surrogate pair: UTF-8 spells none, so only an escape does.
  private final boolean escapes;

  private final Turn turn = new Turn();
  private int values;

  private TreeReader(JsonParser parser, String json, Source source) {
    this.parser = parser;
    this.bounded = source == Source.STRANGER;
    this.escapes = json.indexOf('\\') >= 0;
  }

  /// @throws RpcException when it is not one JSON text within the bounds
  static JsonNode read(String json, Source source) {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      return new TreeReader(parser, json, source).document();
    }
  }

  private JsonNode document() {
    try {
      var first = parser.nextToken();
      if (first == null) {
        throw parseError("the body is empty");
      }
      var root = value(first, 0);
      if (parser.nextToken() != null) {
        throw refused("something follows the JSON text");
      }
      return root;
    } catch (UnexpectedEndOfInputException e) {
      throw parseError("not JSON: it ends too early, " + where(parser.currentLocation()));
    } catch (JacksonException e) {
      throw parseError("not JSON " + where(parser.currentLocation()) + "; expected " + expected());
    }
  }

  private JsonNode value(JsonToken token, int depth) {
    turn.worked(WORK_OF_A_VALUE);
    values++;
    if (bounded && values > Codec.VALUES_MAX) {
      throw refused("more than " + Codec.VALUES_MAX + " values");
    }
    return switch (token) {
      case START_OBJECT -> object(depth + 1);
      case START_ARRAY -> array(depth + 1);
      case VALUE_STRING -> NODES.stringNode(text(parser.getString(), Codec.TEXT_LENGTH_MAX));
      case VALUE_NUMBER_INT -> whole(number());
      case VALUE_NUMBER_FLOAT -> fraction(number());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw refused("not JSON");
    };
  }

  private ObjectNode object(int depth) {
    requireDepth(depth);
    var object = Codec.object();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = text(parser.currentName(), Codec.NAME_LENGTH_MAX);
      if (bounded && object.size() == Codec.MEMBERS_MAX) {
        throw refused("an object of more than " + Codec.MEMBERS_MAX + " names");
      }
      if (object.has(name)) {
        throw refused("a name that stands twice in its object");
      }
      object.set(name, value(parser.nextToken(), depth));
    }
    return object;
  }

  private ArrayNode array(int depth) {
    requireDepth(depth);
    var array = Codec.array();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (bounded && depth == 1 && array.size() == Codec.BATCH_MESSAGES_MAX) { // read no further
        throw RpcException.invalidRequest(
            "a batch of more than " + Codec.BATCH_MESSAGES_MAX + " messages");
      }
      array.add(value(token, depth));
    }
    return array;
  }

  private void requireDepth(int depth) {
    if (depth > Codec.NESTING_MAX) {
      throw refused("nested deeper than " + Codec.NESTING_MAX + " levels");
    }
  }

  private String text(String text, int lengthMax) {
    if (bounded && text.length() > lengthMax) {
      throw refused("a text or name of more than " + lengthMax + " characters");
    }
    if (bounded && escapes && !NotUnicode.isUnicode(text)) {
      throw refused("half of a surrogate pair, which is no character");
    }
    return text;
  }

  private String number() {
    var literal = parser.getString();
    if (literal.length() > Codec.NUMBER_LENGTH_MAX) {
      throw refused("a number of more than " + Codec.NUMBER_LENGTH_MAX + " characters");
    }
    return literal;
  }

  /// Integers keep their value; one that no double can hold is nobody's.
  private JsonNode whole(String literal) {
    if (literal.equals("-0")) {
      return new LiteralNumber(-0.0, literal);
    }
    return switch (parser.getNumberValue()) {
      case Integer small -> NODES.numberNode(small);
      case Long large -> NODES.numberNode(large);
      default -> {
        finite(literal);
        yield NODES.numberNode(parser.getBigIntegerValue());
      }
    };
  }

  /// Never a decimal: one of ten characters can have a billion digits.
  private JsonNode fraction(String literal) {
    var value = finite(literal);
    return literal.indexOf('.') < 0 ? new LiteralNumber(value, literal) : DoubleNode.valueOf(value);
  }

  private double finite(String literal) {
    var value = Double.parseDouble(literal);
    if (bounded && Double.isInfinite(value)) {
      throw refused("a number beyond those of 64-bit floating point (1.8e308)");
    }
    return value;
  }

  private String expected() {
    var context = parser.streamReadContext();
    if (context.inObject()) {
      return "a name in double quotes, a colon, a value, a comma or the end of the object";
    }
    return context.inArray() ? "a value, a comma or the end of the array" : "one JSON value";
  }

  private RpcException refused(String what) {
    return parseError(what + " " + where(parser.currentTokenLocation()));
  }

  private static String where(TokenStreamLocation place) {
    return "at line " + place.getLineNr() + ", column " + place.getColumnNr();
  }

  private static RpcException parseError(String message) {
    return Codec.parseError(message);
  }
}
