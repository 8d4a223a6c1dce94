package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.shape.Binding;
import trunkline.shape.JsonSchema;
import trunkline.shape.Misfit;

/// Asks the user by a form and checks what comes back: the client is not trusted to have done it.
final class Elicitation {
  private static final ClassValue<ObjectNode> FORMS =
      new ClassValue<>() {
        @Override
        protected ObjectNode computeValue(Class<?> type) {
          return FormSchema.of(type.asSubclass(Record.class));
        }
      };

  private Elicitation() {}

  static <T extends Record> InputRequest<ElicitResult<T>> request(String message, Class<T> form) {
    var schema = FORMS.get(form);
    return new InputRequest<>(
        question(message, schema),
        answer ->
            ElicitResult.read(answer, content -> bound(object(content), Binding.of(form), schema)));
  }

  /// What the form did not ask for is passed over.
  private static <T> T bound(JsonNode content, Binding<T> form, ObjectNode schema) {
    try {
      return form.read(
          content instanceof ObjectNode filled
              ? filled.deepCopy().retain(schema.path("properties").propertyNames())
              : content);
    } catch (Misfit e) {
      throw malformed(e.problems());
    }
  }

  static InputRequest<ElicitResult<ObjectNode>> request(String message, ObjectNode schema) {
    return request(message, JsonSchema.compile(FormSchema.require(schema)));
  }

  private static InputRequest<ElicitResult<ObjectNode>> request(String message, JsonSchema schema) {
    return new InputRequest<>(
        question(message, schema.json()),
        answer -> ElicitResult.read(answer, content -> checked(object(content), schema)));
  }

  private static ClientRequest question(String message, ObjectNode schema) {
    var params = Codec.object().put("message", message);
    params.set("requestedSchema", schema);
    return new ClientRequest("elicitation/create", params, ClientCapability.ELICITATION);
  }

  /// A form without required fields may be accepted empty, and some clients then leave the content
  /// out.
  private static JsonNode object(JsonNode content) {
    return content.isMissingNode() ? Codec.object() : content;
  }

  private static ObjectNode checked(JsonNode object, JsonSchema schema) {
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
