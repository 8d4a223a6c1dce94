package trunkline.protocol.wire;

import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;

/// Spells the form of a question, without what a revision lacks.
///
/// Before 2025-11-25 a field is a text, a number, a boolean or a choice, and only a boolean has a
/// default. A client that is strict refuses the whole question otherwise.
final class Forms {
  private Forms() {}

  static ObjectNode params(ClientRequest question, Revision revision) {
    if (question.params().has("elicitationId") && !revision.hasElicitationIds()) {
      var params = question.params().deepCopy();
      params.remove("elicitationId");
      return params;
    }
    if (revision.hasRichForms() || !question.params().path("requestedSchema").isObject()) {
      return question.params();
    }
    var params = question.params().deepCopy();
    if (params.get("requestedSchema") instanceof ObjectNode schema
        && schema.get("properties") instanceof ObjectNode fields) {
      var required = new HashSet<String>();
      schema.path("required").forEach(name -> required.add(name.asString("")));
      for (var name : List.copyOf(fields.propertyNames())) {
        if (fields.get(name) instanceof ObjectNode field && !simplify(field)) {
          leaveOut(fields, name, required.contains(name), revision);
        }
      }
    }
    return params;
  }

  private static void leaveOut(
      ObjectNode fields, String name, boolean required, Revision revision) {
    if (required) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.UNSUPPORTED,
          "a form of " + revision.version() + " has no lists, and " + name + " is required");
    }
    fields.remove(name);
  }

  /// @return whether the revision has such a field
  private static boolean simplify(ObjectNode field) {
    if (field.path("type").asString("").equals("array")) {
      return false;
    }
    if (field.remove("oneOf") instanceof ArrayNode choices) {
      var values = field.putArray("enum");
      var titles = field.putArray("enumNames");
      choices.forEach(choice -> {
        values.add(choice.path("const"));
        titles.add(choice.path("title"));
      });
    }
    if (!field.path("type").asString("").equals("boolean")) {
      field.remove("default");
    }
    return true;
  }
}
