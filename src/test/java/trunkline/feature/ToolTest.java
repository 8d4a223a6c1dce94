package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import trunkline.jsonrpc.Codec;

class ToolTest {
  record Sum(int a, @Default("1") int b) {}

  record Total(int total) {}

  private static final RequestContext NOWHERE = new ScriptedContext();

  private static final Tool ADD =
      Tool.named("add")
          .description("Adds")
          .input(Sum.class)
          .output(Total.class)
          .readOnly()
          .handler((sum, context) -> new Total(sum.a() + sum.b()));

  @Test
  void a_typed_tool_answers_structure_and_text() throws Exception {
    var result = ADD.bind(Codec.object().put("a", 2)).run(NOWHERE);

    assertThat(result)
        .isEqualTo(ToolResult.structured(Codec.object().put("total", 3)))
        .extracting(ToolResult::isError)
        .isEqualTo(false);
    assertThat(result.content()).containsExactly(Content.text("{\"total\":3}"));
    assertThat(ADD.retryable()).isTrue();
  }

  @Test
  void wrong_arguments_never_reach_the_handler() {
    assertThatThrownBy(() -> ADD.bind(Codec.object().put("a", "two").put("c", 1)))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining("/a: ")
        .hasMessageContaining("'c'");
    assertThatThrownBy(() -> ADD.bind(Codec.object())).hasMessageContaining("'a'");
  }

  @Test
  void a_tool_without_input_takes_nothing() throws Exception {
    var tool =
        Tool.named("hello").description("Greets").handler((none, context) -> ToolResult.text("hi"));

    assertThat(tool.bind(Codec.object()).run(NOWHERE)).isEqualTo(ToolResult.text("hi"));
    assertThatThrownBy(() -> tool.bind(Codec.object().put("x", 1)))
        .isInstanceOf(InvalidArguments.class);
    assertThat(tool.retryable()).isFalse();
  }

  @Test
  void a_tool_keeps_its_own_output_schema() {
    var tool =
        Tool.named("liar")
            .description("Lies")
            .outputSchema("{\"type\":\"object\",\"required\":[\"a\"]}")
            .handler((none, context) -> ToolResult.structured(Codec.object()));

    assertThatThrownBy(() -> tool.bind(Codec.object()).run(NOWHERE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("liar");
  }

  @Test
  void a_raw_schema_hands_over_what_came() throws Exception {
    var tool =
        Tool.named("raw")
            .description("Raw")
            .inputSchema("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}}}")
            .handler((json, context) -> ToolResult.text(json.path("n").toString()));

    assertThat(tool.bind(Codec.object().put("n", 1.5)).run(NOWHERE))
        .isEqualTo(ToolResult.text("1.5"));
  }

  @Test
  void a_tool_needs_a_proper_name_a_description_and_an_object() {
    assertThatThrownBy(() -> Tool.named("a b").description("x").handler((i, c) -> ToolResult.of()))
        .hasMessageContaining("a b");
    assertThatThrownBy(() -> Tool.named("a").handler((i, c) -> ToolResult.of()))
        .hasMessageContaining("description");
    assertThatThrownBy(() -> Tool.named("a").inputSchema("{\"type\":\"string\"}"))
        .hasMessageContaining("object");
  }

  record Shelf<T>(List<T> books, Optional<String> next) {}

  record Book(String title, double price) {}

  /// Text and structure are of one writing: `5`, as a client in JavaScript prints it.
  @Test
  void a_generic_record_is_answered_and_text_and_structure_say_the_same() throws Exception {
    var tool =
        Tool.named("books")
            .description("Lists")
            .output(new TypeReference<Shelf<Book>>() {})
            .handler((none, context) -> new Shelf<>(List.of(new Book("A", 5.0)), Optional.empty()));

    var result = tool.bind(Codec.object()).run(NOWHERE);

    assertThat(result.content())
        .containsExactly(Content.text("{\"books\":[{\"title\":\"A\",\"price\":5}]}"));
    assertThat(Codec.text(Objects.requireNonNull(result.structured())))
        .isEqualTo("{\"books\":[{\"title\":\"A\",\"price\":5}]}");
    assertThat(
            tool.outputSchema()
                .orElseThrow()
                .path("properties")
                .path("books")
                .path("items")
                .path("required"))
        .hasSize(2);
  }

  record Bounded(@Range(max = 9) int total) {}

  @Test
  void an_answer_beyond_its_own_limits_never_leaves() {
    var tool =
        Tool.named("liar")
            .description("Lies")
            .output(Bounded.class)
            .handler((none, context) -> new Bounded(10));

    assertThatThrownBy(() -> tool.bind(Codec.object()).run(NOWHERE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("liar broke its output schema: /total");
  }
}
