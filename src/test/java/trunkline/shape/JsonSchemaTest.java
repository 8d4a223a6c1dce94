package trunkline.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.jsonrpc.Codec;

class JsonSchemaTest {
  /// The conformance suite's schema: anchors, references, conditions, combinations.
  private static final String CONTACT =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
       "$defs": {"address": {"$anchor": "addressDef", "type": "object",
         "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
       "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"},
         "contactMethod": {"type": "string", "enum": ["phone", "email"]},
         "phone": {"type": "string"}, "email": {"type": "string"}},
       "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
       "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
       "then": {"required": ["phone"]}, "else": {"required": ["email"]},
       "additionalProperties": false}
      """;

  @Test
  void the_whole_of_2020_12_is_checked() {
    var schema = JsonSchema.parse(CONTACT);

    assertThat(schema.problems(Codec.tree("{\"contactMethod\":\"phone\",\"phone\":\"1\"}")))
        .isEmpty();
    assertThat(schema.problems(Codec.tree("{\"contactMethod\":\"phone\",\"email\":\"e\"}")))
        .isNotEmpty();
    assertThat(schema.problems(Codec.tree("{\"email\":\"e\",\"address\":{\"street\":7}}")))
        .singleElement()
        .asString()
        .contains("/address/street")
        .contains("string");
    assertThat(schema.problems(Codec.tree("{\"email\":\"e\",\"fax\":\"1\"}")))
        .singleElement()
        .asString()
        .contains("fax");
  }

  @Test
  void a_schema_may_not_reach_outside() {
    for (var reference :
        new String[] {
          "http://127.0.0.1:1/schema", "file:///etc/passwd", "classpath:/schema.json", "other.json"
        }) {
      assertThatThrownBy(() ->
              JsonSchema.parse(
                  "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"%s\"}}}"
                      .formatted(reference)))
          .as(reference)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void two_schemas_may_have_one_id() {
    var text = "{\"$id\":\"urn:x\",\"type\":\"object\",\"required\":[\"%s\"]}";
    var a = JsonSchema.parse(text.formatted("a"));
    var b = JsonSchema.parse(text.formatted("b"));

    assertThat(a.problems(Codec.object().put("a", 1))).isEmpty();
    assertThat(b.problems(Codec.object().put("b", 1))).isEmpty();
  }

  @Test
  void unknown_keywords_are_annotations_and_other_dialects_are_refused() {
    var schema = JsonSchema.parse("{\"type\":\"object\",\"enumNames\":[\"A\"],\"x-mine\":1}");

    assertThat(schema.problems(Codec.object())).isEmpty();
    assertThatThrownBy(
            () -> JsonSchema.parse("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void problems_are_few_and_formats_count() {
    var schema =
        JsonSchema.parse(
            """
            {"type": "object", "properties": {"day": {"type": "string", "format": "date"},
              "all": {"type": "array", "items": {"type": "string"}}}}
            """);
    var many = Codec.object();
    var all = many.putArray("all");
    for (var i = 0; i < 100_000; i++) {
      all.add(i);
    }

    assertThat(schema.problems(Codec.object().put("day", "tomorrow"))).hasSize(1);
    assertThat(schema.problems(many)).hasSizeBetween(1, 5);
  }

  @Test
  @Timeout(20)
  void a_schema_that_explodes_is_given_up() {
    var schema =
        JsonSchema.parse(
            """
            {"$defs": {"n": {"anyOf": [{"$ref": "#/$defs/m"}, {"$ref": "#/$defs/m"}]},
                       "m": {"type": "array", "items": {"$ref": "#/$defs/n"}}},
             "type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}}
            """);
    var deep = Codec.tree("{\"a\":" + "[".repeat(60) + "7" + "]".repeat(60) + "}");

    assertThat(schema.problems(deep)).isNotEmpty();
  }

  @Test
  void a_format_is_said_once() {
    var schema = JsonSchema.parse("{\"properties\":{\"day\":{\"format\":\"date\"}}}");

    assertThat(schema.problems(Codec.object().put("day", "tomorrow")))
        .containsExactly(
            "/day: is not of the format date, expected a date such as 2026-11-29 (RFC 3339)");
  }

  /// The validator alone fails on them, and the caller would read of an internal error.
  @Test
  void a_number_beyond_64_bits_is_compared() {
    var schema = JsonSchema.parse("{\"items\":{\"type\":\"integer\",\"maximum\":9}}");

    assertThat(schema.problems(Codec.tree("[1e19, 1e300, 9.0, 1e0]"))).hasSize(2);
  }
}
