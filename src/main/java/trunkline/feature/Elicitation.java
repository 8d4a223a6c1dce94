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

  static <T extends Record> ElicitResult<T> ask(
      RequestContext context, String message, Class<T> form) {
    return ask(context, message, FORMS.get(form))
        .map(content -> {
          try {
            return Records.read(form, content);
          } catch (InvalidArguments e) {
            throw malformed(List.of(String.valueOf(e.getMessage())));
          }
        });
  }

  static ElicitResult<ObjectNode> ask(RequestContext context, String message, ObjectNode schema) {
    return ask(context, message, JsonSchema.compile(FormSchema.require(schema)));
  }

  private static ElicitResult<ObjectNode> ask(
      RequestContext context, String message, JsonSchema schema) {
    var params = Codec.object().put("message", message);
    params.set("requestedSchema", schema.json());
    var answer =
        context.ask(new ClientRequest("elicitation/create", params, ClientCapability.ELICITATION));
    return ElicitResult.read(answer, content -> checked(content, schema));
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
