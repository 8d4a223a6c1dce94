package trunkline.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.shape.Zoo.Animal;

/// Goal: whatever a schema accepts is bound, whatever is bound was accepted, and what is written
/// satisfies the schema. Method: documents along each schema of a zoo, and their mutations, are
/// judged by the validator and by the binding. Nothing of a shape is known here.
class ZooTest {
  private static final int DOCUMENTS = Integer.getInteger("trunkline.zoo.documents", 200);
  private static final long SEED = Long.getLong("trunkline.zoo.seed", 20_261_129);

  @Test
  void there_are_many_animals() {
    assertThat(Zoo.animals()).hasSizeGreaterThanOrEqualTo(60);
  }

  @ParameterizedTest
  @MethodSource("trunkline.shape.Zoo#animals")
  void what_the_schema_accepts_is_bound_and_nothing_else(Animal animal) {
    var schema = animal.binding().schema();
    var judge = JsonSchema.compile(schema);
    var documents = new Documents(SEED);
    var accepted = 0;
    for (var i = 0; i < DOCUMENTS; i++) {
      var document = documents.along(schema);
      for (var mutations = documents.below(3); mutations > 0; mutations--) {
        document = documents.mutated(document);
      }
      var received = Codec.tree(Codec.text(document));
      var problems = judge.problems(withoutNulls(received, schema));
      var reason = refusal(animal.binding(), received);

      assertThat(reason.isEmpty())
          .as("%s of %s: bound '%s', validated %s", received, animal, reason, problems)
          .isEqualTo(problems.isEmpty());
      accepted += problems.isEmpty() ? 1 : 0;
    }
    assertThat(accepted).as("documents that were valid").isBetween(DOCUMENTS / 20, DOCUMENTS);
  }

  @ParameterizedTest
  @MethodSource("trunkline.shape.Zoo#animals")
  void what_was_bound_is_written_along_the_schema_and_read_again(Animal animal) throws Misfit {
    var schema = animal.binding().schema();
    var judge = JsonSchema.compile(schema);
    var stranger = standard(schema);
    var documents = new Documents(SEED);
    for (var i = 0; i < DOCUMENTS; i++) {
      var document = documents.along(schema);
      if (refusal(animal.binding(), document).isEmpty()) {
        var written = again(animal.binding(), document);

        assertThat(judge.problems(written)).as("%s of %s", written, animal).isEmpty();
        assertThat(again(animal.binding(), written))
            .as("%s of %s", written, animal)
            .isEqualTo(written);
        assertThat(Codec.text(Codec.tree(Codec.text(written))))
            .as("text and structure of %s", animal)
            .isEqualTo(Codec.text(written));
        if (!schema.toString().contains("email")) { // the standard one knows its domains
          assertThat(problems(stranger, written)).as("%s of %s", written, animal).isEmpty();
        }
      }
    }
  }

  private static <T> JsonNode again(Binding<T> binding, JsonNode document) throws Misfit {
    return binding.write(binding.read(document));
  }

  /// Empty when it was bound.
  private static String refusal(Binding<?> binding, JsonNode document) {
    try {
      assertThat(binding.read(document)).isNotNull();
      return "";
    } catch (Misfit e) {
      assertThat(e.getMessage()).isNotBlank();
      return String.valueOf(e.getMessage());
    }
  }

  /// As binding takes it: a null that need not be there is not there.
  private static JsonNode withoutNulls(JsonNode json, JsonNode schema) {
    if (schema.path("oneOf") instanceof ArrayNode choices && json instanceof ObjectNode object) {
      return StreamSupport.stream(choices.spliterator(), false)
          .filter(choice -> isTagged(object, choice))
          .findFirst()
          .map(choice -> withoutNulls(json, choice))
          .orElse(json);
    }
    if (json instanceof ArrayNode array) {
      var copy = Codec.array();
      array.forEach(each -> copy.add(withoutNulls(each, schema.path("items"))));
      return copy;
    }
    if (!(json instanceof ObjectNode object)) {
      return json;
    }
    var copy = Codec.object();
    for (var each : object.properties()) {
      var known = schema.path("properties").path(each.getKey());
      var required =
          StreamSupport.stream(schema.path("required").spliterator(), false)
              .anyMatch(name -> name.asString().equals(each.getKey()));
      if (known.isMissingNode()) {
        copy.set(each.getKey(), withoutNulls(each.getValue(), schema.path("additionalProperties")));
      } else if (required || !each.getValue().isNull()) {
        copy.set(each.getKey(), withoutNulls(each.getValue(), known));
      }
    }
    return copy;
  }

  private static boolean isTagged(ObjectNode object, JsonNode choice) {
    return choice.path("properties").properties().stream()
        .filter(property -> property.getValue().has("const"))
        .anyMatch(
            property -> property.getValue().get("const").equals(object.get(property.getKey())));
  }

  private static Schema standard(ObjectNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  private static Iterable<?> problems(Schema schema, JsonNode value) {
    return schema.validate(
        value,
        (ExecutionContext context) ->
            context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }
}
