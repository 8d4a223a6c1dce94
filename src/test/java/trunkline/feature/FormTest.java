package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Forms (MCP 2025-11-25, Elicitation): what one may hold, and what comes back from it.
class FormTest {
  private final ScriptedContext context = new ScriptedContext();

  record Field(String kind, String schema, String good, String bad) {
    @Override
    public String toString() {
      return kind;
    }
  }

  static final List<Field> FIELDS =
      List.of(
          new Field(
              "short text",
              "{'type':'string','title':'T','minLength':2,'maxLength':3,'default':'ab'}",
              "'ab'",
              "'a' 'abcd' 7"),
          new Field(
              "email", "{'type':'string','format':'email'}", "'ada@mail.internal'", "'nobody'"),
          new Field(
              "uri", "{'type':'string','format':'uri'}", "'https://b.example/'", "'http://[b'"),
          new Field("date", "{'type':'string','format':'date'}", "'2026-01-31'", "'31.1.2026'"),
          new Field(
              "date-time",
              "{'type':'string','format':'date-time'}",
              "'2026-01-31T12:00:00Z'",
              "'2026-01-31'"),
          new Field(
              "integer",
              "{'type':'integer','minimum':1,'maximum':9,'default':5}",
              "9",
              "10 0 1.5 '1'"),
          new Field("number", "{'type':'number','minimum':0.5,'maximum':1}", "0.5", "0.4 'x'"),
          new Field("boolean", "{'type':'boolean','default':true}", "false", "'yes'"),
          new Field("enum", "{'type':'string','enum':['a','b'],'default':'b'}", "'a'", "'c'"),
          new Field(
              "enum with titles",
              "{'type':'string','oneOf':[{'const':'a','title':'A'},{'const':'b','title':'B'}]}",
              "'b'",
              "'A'"),
          new Field(
              "enum with names",
              "{'type':'string','enum':['a','b'],'enumNames':['A','B']}",
              "'b'",
              "'B'"),
          new Field(
              "list of enums",
              "{'type':'array','minItems':1,'maxItems':2,"
                  + "'items':{'type':'string','enum':['a','b','c']}}",
              "['a','c']",
              "[] ['a','b','c'] ['d'] 'a'"),
          new Field(
              "list of enums with titles",
              "{'type':'array','items':{'anyOf':[{'const':'a','title':'A'}]}}",
              "['a']",
              "['A']"));

  /// Goal: every field that elicitation knows. Method: it is asked for as it was given, a fitting
  /// answer is taken, and each that does not fit is refused.
  @ParameterizedTest
  @FieldSource("FIELDS")
  void a_form_may_have_a_field_of(Field field) {
    var schema = form("{'v':%s}".formatted(field.schema()));
    context.answering(accepting(field.good()));

    assertThat(context.elicit("?", schema).accepted())
        .contains((ObjectNode) json("{'v':%s}".formatted(field.good())));
    assertThat(context.asked.getFirst().params().get("requestedSchema")).isEqualTo(schema);

    for (var bad : (field.bad() + " null").split(" (?![^'\\[]*\\])", -1)) {
      context.answering(accepting(bad));
      assertThatThrownBy(() -> context.elicit("?", schema))
          .as(bad)
          .isInstanceOfSatisfying(
              ClientRequestFailed.class,
              e -> assertThat(e.reason()).isEqualTo(ClientRequestFailed.Reason.MALFORMED));
    }
    context.answering("{\"action\":\"accept\",\"content\":{}}");
    assertThatThrownBy(() -> context.elicit("?", schema)).isInstanceOf(ClientRequestFailed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'v':{'type':'object','properties':{'street':{'type':'string'}}}}",
        "{'v':{'type':'array','items':{'type':'object'}}}",
        "{'v':{'type':'array','items':{'type':'string'}}}",
        "{'v':{'type':'string','format':'uuid'}}",
        "{'v':{'type':'null'}}",
        "{'v':{}}"
      })
  void a_form_that_no_client_can_show_is_refused_before_it_is_asked(String properties) {
    assertThatThrownBy(() -> context.elicit("?", form(properties)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("v: a form ");
    assertThatThrownBy(() -> context.elicit("?", (ObjectNode) json("{'type':'string'}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("type object");
    assertThat(context.asked).isEmpty();
  }

  record Order(
      @Title("Dish") @Length(min = 2, max = 9) @Default("soup") String dish,
      @Range(min = 1, max = 4) int count,
      @Default("0.5") double salt,
      @Default("true") boolean hot,
      Size size,
      Set<Size> others,
      URI page,
      LocalDate day,
      Optional<OffsetDateTime> at) {}

  enum Size {
    SMALL,
    LARGE
  }

  record Person(String name) {}

  record Nested(Person person) {}

  enum Topping {
    @Title("Ham and cheese")
    HAM,
    @Description("nothing but tomatoes")
    NONE
  }

  record Choices(
      Topping one, Set<Topping> many, @Pattern("[a-z]+") String word, @Default("30") int age) {}

  /// Titled choices are `oneOf`, in lists `anyOf`; patterns are nothing that a form knows.
  @Test
  void a_form_has_only_keywords_that_elicitation_knows() {
    context.answering(accepted("{'one':'HAM','many':['NONE'],'word':'b','age':null,'more':1}"));

    assertThat(context.elicit("?", Choices.class).accepted())
        .contains(new Choices(Topping.HAM, Set.of(Topping.NONE), "b", 30));
    assertThat(Codec.tree(context.asked.getFirst().params().get("requestedSchema").toString()))
        .isEqualTo(
            json(
                """
                {'type': 'object', 'properties': {
                   'one': {'type': 'string', 'oneOf': [{'const': 'HAM', 'title': 'Ham and cheese'},
                     {'const': 'NONE', 'title': 'NONE'}]},
                   'many': {'type': 'array', 'items': {'anyOf': [
                     {'const': 'HAM', 'title': 'Ham and cheese'}, {'const': 'NONE', 'title': 'NONE'}]}},
                   'word': {'type': 'string'},
                   'age': {'type': 'integer', 'minimum': -2147483648, 'maximum': 2147483647,
                     'default': 30}},
                 'required': ['one', 'many', 'word']}
                """));

    context.answering(accepted("{'one':'HAM','many':['NONE'],'word':'B'}"));
    assertThatThrownBy(() -> context.elicit("?", Choices.class))
        .isInstanceOf(ClientRequestFailed.class)
        .hasMessageContaining("/word: does not fit, expected a string that matches [a-z]+");
  }

  @Test
  void a_record_becomes_a_form_of_all_that_it_can_say() {
    context.answering("{\"action\":\"decline\"}");

    context.elicit("?", Order.class);

    assertThat(Codec.tree(context.asked.getFirst().params().get("requestedSchema").toString()))
        .isEqualTo(
            json(
                """
                {'type': 'object', 'properties': {
                   'dish': {'type': 'string', 'title': 'Dish', 'minLength': 2, 'maxLength': 9,
                            'default': 'soup'},
                   'count': {'type': 'integer', 'minimum': 1, 'maximum': 4},
                   'salt': {'type': 'number', 'default': 0.5},
                   'hot': {'type': 'boolean', 'default': true},
                   'size': {'type': 'string', 'enum': ['SMALL', 'LARGE']},
                   'others': {'type': 'array', 'items': {'type': 'string', 'enum': ['SMALL', 'LARGE']}},
                   'page': {'type': 'string', 'format': 'uri'},
                   'day': {'type': 'string', 'format': 'date'},
                   'at': {'type': 'string', 'format': 'date-time'}},
                 'required': ['count', 'size', 'others', 'page', 'day']}
                """));
    assertThatThrownBy(() -> context.elicit("?", Nested.class))
        .hasStackTraceContaining("Nested.person: a form has only");
  }

  private static ObjectNode form(String properties) {
    return (ObjectNode)
        json("{'type':'object','properties':%s,'required':['v']}".formatted(properties));
  }

  private static String accepted(String content) {
    return json("{'action':'accept','content':%s}".formatted(content)).toString();
  }

  private static String accepting(String value) {
    return json("{'action':'accept','content':{'v':%s}}".formatted(value)).toString();
  }

  private static JsonNode json(String text) {
    return Codec.tree(text.replace('\'', '"'));
  }
}
