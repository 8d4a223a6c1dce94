package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Asks the user by a form and checks what comes back: the client is not trusted to have done it.
final class Elicitation {
  private static final ClassValue<JsonSchema> FORMS =
      new ClassValue<>() {
        @Override
        protected JsonSchema computeValue(Class<?> type) {
          return JsonSchema.compile(FormSchema.of(type.asSubclass(Record.class)));
        }
      };

  private Elicitation() {}

  static <T extends Record> InputRequest<ElicitResult<T>> request(String message, Class<T> form) {
    var filled = request(message, FORMS.get(form));
    return new InputRequest<>(
        filled.question(),
        answer ->
            filled
                .read(answer)
                .map(content -> {
                  try {
                    return Records.read(form, content);
                  } catch (InvalidArguments e) {
                    throw malformed(List.of(String.valueOf(e.getMessage())));
                  }
                }));
  }

  static InputRequest<ElicitResult<ObjectNode>> request(String message, ObjectNode schema) {
    return request(message, JsonSchema.compile(FormSchema.require(schema)));
  }

  private static InputRequest<ElicitResult<ObjectNode>> request(String message, JsonSchema schema) {
    var params = Codec.object().put("message", message);
    params.set("requestedSchema", schema.json());
    return new InputRequest<>(
        new ClientRequest("elicitation/create", params, ClientCapability.ELICITATION),
        answer -> ElicitResult.read(answer, content -> checked(content, schema)));
  }

  private static ObjectNode checked(JsonNode content, JsonSchema schema) {
    // A form without required fields may be accepted empty, and some clients then leave the content
    // out.
    var object = content.isMissingNode() ? Codec.object() : content;
    var problems = schema.problems(object);
    if (!problems.isEmpty() || !(object instanceof ObjectNode filled)) {
      throw malformed(problems);
    }
    return filled;
  }

  private static ClientRequestFailed malformed(List<String> problems) {
    return new ClientRequestFailed(
        ClientRequestFailed.Reason.MALFORMED,
        "the client's answer does not fit the form: " + String.join("; ", problems));
  }
}
