package trunkline.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.TreeReader.Source;

/// Bytes ⇄ messages. The package's documentation says what is accepted and sent.
public final class Codec {
  public static final int NESTING_MAX = 200;
  public static final int BATCH_MESSAGES_MAX = 100;

  /// Of one object.
  static final int MEMBERS_MAX = 10_000;

  /// Of one document, whatever they are in.
  static final int VALUES_MAX = 500_000;

  static final int NAME_LENGTH_MAX = 1_000;
  static final int TEXT_LENGTH_MAX = 16 * 1024 * 1024;
  static final int NUMBER_LENGTH_MAX = 1_000;

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .addDecorator((factory, generator) -> new NumberSpelling(generator))
                  .build())
          .build();

  private Codec() {}

  /// Reads a whole body; the exception's error answers what is refused.
  public static Body decode(byte[] bytes) {
    return body(TreeReader.read(text(bytes), Source.STRANGER));
  }

  /// Reads a body that we encoded ourselves: nothing bounds what a handler may have said.
  public static Body decodeOurs(byte[] bytes) {
    return body(tree(text(bytes)));
  }

  private static Body body(JsonNode root) {
    if (root instanceof ObjectNode object) {
      return new Body.Single(MessageReader.read(object));
    }
    if (!(root instanceof ArrayNode batch)) {
      throw RpcException.invalidRequest("a message is a JSON object");
    }
    if (batch.isEmpty()) {
      throw RpcException.invalidRequest(
          "a batch without messages, expected 1 to " + BATCH_MESSAGES_MAX);
    }
    List<Message> messages = new ArrayList<>(batch.size());
    for (var element : batch) {
      if (!(element instanceof ObjectNode object)) {
        throw RpcException.invalidRequest("a message is a JSON object");
      }
      messages.add(MessageReader.read(object));
    }
    return new Body.Batch(messages);
  }

  /// One line of UTF-8, the final bytes of the message.
  ///
  /// @throws NotUnicode when a text of it has no UTF-8
  public static byte[] encode(Message message) {
    var text = MAPPER.writeValueAsString(MessageWriter.json(message));
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (isPlain(bytes)) { // as most are: nothing to refuse or to escape
      return bytes;
    }
    NotUnicode.require(text);
    return LineSafe.json(bytes);
  }

  /// Whether it is ASCII, and without the question mark that half of a surrogate pair would be.
  private static boolean isPlain(byte[] utf8) {
    for (var one : utf8) {
      if (one < 0 || one == '?') {
        return false;
      }
    }
    return true;
  }

  /// A batch's answer of encoded messages: one line, in the given order.
  public static byte[] batch(List<byte[]> messages) {
    var bytes = new ByteArrayOutputStream();
    bytes.write('[');
    for (int index = 0; index < messages.size(); index++) {
      if (index > 0) {
        bytes.write(',');
      }
      bytes.writeBytes(messages.get(index));
    }
    bytes.write(']');
    return bytes.toByteArray();
  }

  /// An empty object to fill.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// An empty array to fill.
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// The mapper, for trees and records. Text is read by [#tree(String)].
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// JSON as one line of text. Strings escape control characters, so it never holds a line break.
  ///
  /// @throws NotUnicode when a text of it has no UTF-8
  public static String text(JsonNode json) {
    return NotUnicode.require(MAPPER.writeValueAsString(json));
  }

  /// Reads JSON text that is no client's: a schema, a row, a setting.
  public static JsonNode tree(String json) {
    return TreeReader.read(json, Source.OURSELVES);
  }

  /// Reads JSON text that we wrote ourselves and know to be an object.
  public static ObjectNode objectFrom(String json) {
    if (tree(json) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  private static String text(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      requireText(bytes);
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /// The replacement character stands in a text for bytes that are none, or for itself. Strings are
  /// made much faster than a decoder works that knows which, and few bodies hold one.
  private static void requireText(byte[] bytes) {
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw parseError("the body is not UTF-8");
    }
  }

  static RpcException parseError(String message) {
    return new RpcException(new RpcError(ErrorCode.PARSE_ERROR, "Parse error: " + message));
  }
}
