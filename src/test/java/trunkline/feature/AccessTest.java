package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.testkit.ScriptedContext;

class AccessTest {
  private static final Principal ADA =
      new Principal("ada", Map.of(), Scopes.of(List.of("read", "write")));

  private static Tool tool(String name) {
    return Tool.named(name).description("Does it").handler((none, context) -> ToolResult.of());
  }

  private static List<String> keys(Catalog catalog) {
    return catalog.tools(Switches.ALL_ON, null).features().stream().map(Tool::key).toList();
  }

  @Test
  void all_scopes_and_all_conditions_count() {
    var access =
        Access.OPEN
            .requiring("write")
            .visibleTo(caller -> caller.name().equals("ada"))
            .requiring("read")
            .visibleTo(caller -> caller.scopes().hold(List.of("read")));

    assertThat(access.scopes()).containsExactly("read", "write");
    assertThat(access.allows(ADA)).isTrue();
    assertThat(access.isVisibleTo(ADA)).isTrue();
    var less = new Principal("ada", Map.of(), Scopes.of(List.of("write")));
    assertThat(access.allows(less)).isFalse();
    assertThat(access.isVisibleTo(less)).isFalse();
    assertThat(access.isVisibleTo(new Principal("bob", Map.of(), Scopes.EVERYTHING))).isFalse();
    assertThat(access.allows(new Principal("bob", Map.of(), Scopes.EVERYTHING))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\"b", "a\\b", "a\nb", "ä"})
  void what_no_header_could_name_is_no_scope(String scope) {
    assertThatThrownBy(() -> Access.OPEN.requiring(scope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can be no scope");
  }

  @Test
  void a_test_says_who_asks() throws Exception {
    var context = new ScriptedContext().as("ada").withScopes("read");
    var tool =
        Tool.named("who")
            .description("Says who asks")
            .handler((none, asked) ->
                ToolResult.text(asked.identity().name() + asked.identity().scopes().names()));

    assertThat(tool.call(context).content())
        .hasToString(tool.call(context.again()).content().toString());
    assertThat(context.identity().scopes().hold(List.of("read"))).isTrue();
    assertThat(new ScriptedContext().as(ADA).identity()).isEqualTo(ADA);
  }

  @Test
  void what_the_documentation_shows_does_what_it_says() {
    var refund =
        Tool.named("refund")
            .description("Pays an order back")
            .requires("orders:read", "orders:refund")
            .visibleTo(caller -> caller.name().endsWith("@sales.example"))
            .handler((none, context) -> ToolResult.of());
    var seller = new Principal("ada@sales.example", Map.of(), Scopes.parse("orders:read"));
    assertThat(refund.access().isVisibleTo(seller)).isTrue();
    assertThat(refund.access().allows(seller)).isFalse();
    assertThat(refund.access().isVisibleTo(ADA)).isFalse();

    var bake = tool("bake");
    var fry = tool("fry");
    var bill = tool("bill");
    var books = tool("books");
    var catalog = Catalog.builder();
    catalog
        .add(bake, fry, bill)
        .toolset("kitchen", set -> set.add(bake, fry).instructions("Bake first, then fry."))
        .toolset("office", set -> set.addOnly(books).pick(it -> it.key().startsWith("bill")));
    var built = catalog.build();
    assertThat(keys(built)).containsExactly("bake", "fry", "bill");
    assertThat(keys(part(built, "kitchen"))).containsExactly("bake", "fry");
    assertThat(keys(part(built, "office"))).containsExactly("bill", "books");
  }

  @Test
  void a_toolset_has_what_it_was_given_and_what_it_picks_in_the_order_of_the_whole() {
    var one = tool("one");
    var two = tool("two");
    var apart = tool("apart");
    var catalog =
        Catalog.builder()
            .add(one)
            .toolset("first", set -> set.add(two, one).instructions("a"))
            .toolset("second", set -> set.addOnly(apart).pick(it -> it.key().startsWith("t")))
            .toolset("first", set -> set.add(tool("three")).instructions("b"))
            .add(two)
            .build();

    assertThat(keys(catalog)).containsExactly("one", "two", "three");
    assertThat(keys(catalog.everything())).containsExactly("one", "two", "three", "apart");
    assertThat(catalog.toolsets().keySet()).containsExactly("first", "second");
    var first = part(catalog, "first");
    assertThat(keys(first)).containsExactly("one", "two", "three");
    assertThat(first.instructions()).contains("a\n\nb");
    assertThat(keys(part(catalog, "second"))).containsExactly("two", "three", "apart");
  }

  private static Catalog part(Catalog whole, String name) {
    return Objects.requireNonNull(whole.toolsets().get(name));
  }

  @Test
  void the_page_of_a_tool_comes_along() {
    var shown =
        Tool.named("shown")
            .description("Shows")
            .ui("ui://a")
            .handler((none, it) -> ToolResult.of());
    var page = Resource.app("ui://a", AppView.PLAIN).text((request, context) -> "<p>");

    var catalog =
        Catalog.builder().add(page, tool("other")).toolset("part", set -> set.add(shown)).build();

    assertThat(part(catalog, "part").findReading(Switches.ALL_ON, "ui://a")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "-a", "a b", "ä"})
  void what_can_be_no_part_of_a_path_is_no_name(String name) {
    assertThatThrownBy(() -> Catalog.builder().toolset(name, set -> set.add(tool("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part of a path");
  }

  @Test
  void an_empty_toolset_and_two_features_of_one_name_are_refused() {
    assertThatThrownBy(() -> Catalog.builder().add(tool("a")).toolset("part", _ -> {}).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no features");
    assertThatThrownBy(() ->
            Catalog.builder().add(tool("a")).toolset("part", set -> set.addOnly(tool("a"))).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are called a");
  }
}
