package trunkline.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Bytes ⇄ messages. The package's documentation says what is accepted and sent.
public final class Codec {
  public static final int NESTING_MAX = 200;
  public static final int BATCH_MESSAGES_MAX = 100;

  private static final int NUMBER_DIGITS_MAX = 1000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxNumberLength(NUMBER_DIGITS_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private Codec() {}

  /// Reads a whole body; the exception's error answers what is refused.
  public static Body decode(byte[] bytes) {
    var root = tree(text(bytes));
    if (root instanceof ObjectNode object) {
      return new Body.Single(MessageReader.read(object));
    }
    if (!(root instanceof ArrayNode batch)) {
      throw RpcException.invalidRequest("a message is a JSON object");
    }
    if (batch.isEmpty() || batch.size() > BATCH_MESSAGES_MAX) {
      throw RpcException.invalidRequest(
          "a batch of " + batch.size() + " messages, expected 1 to " + BATCH_MESSAGES_MAX);
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
  public static byte[] encode(Message message) {
    return text(MessageWriter.json(message)).getBytes(StandardCharsets.UTF_8);
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

  /// The mapper with our limits, for trees and records.
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// JSON as one line of text. Strings escape control characters, so it never holds a line break.
  public static String text(JsonNode json) {
    return MAPPER.writeValueAsString(json);
  }

  /// Reads JSON text within our limits.
  public static JsonNode tree(String json) {
    try {
      var root = MAPPER.readTree(json);
      if (root.isMissingNode()) {
        throw parseError("the body is empty");
      }
      return root;
    } catch (StreamReadException e) {
      var where = e.getLocation();
      throw parseError(
          "not JSON at line " + where.getLineNr() + ", column " + where.getColumnNr() + reason(e));
    } catch (JacksonException e) {
      throw parseError("not acceptable JSON" + reason(e));
    }
  }

  /// Reads JSON text that we wrote ourselves and know to be an object.
  public static ObjectNode objectFrom(String json) {
    if (tree(json) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw parseError("the body is not UTF-8");
    }
  }

  private static String reason(JacksonException e) {
    var reason = String.valueOf(e.getOriginalMessage());
    return ": " + (reason.length() > 200 ? reason.substring(0, 200) + "…" : reason);
  }

  private static RpcException parseError(String message) {
    return new RpcException(new RpcError(ErrorCode.PARSE_ERROR, "Parse error: " + message));
  }
}
