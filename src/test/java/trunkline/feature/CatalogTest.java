package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogTest {
  private static Tool tool(String name) {
    return Tool.named(name).description("A tool").handler((none, context) -> ToolResult.of());
  }

  private static Catalog.Builder tools(String... names) {
    var catalog = Catalog.builder();
    for (var name : names) {
      catalog.add(tool(name));
    }
    return catalog;
  }

  private static Switches off(FeatureKind kind, String... names) {
    return new Switches(
        Set.copyOf(
            java.util.Arrays.stream(names).map(name -> new Switches.Key(kind, name)).toList()));
  }

  @Test
  void lists_are_in_the_order_of_registration() {
    var catalog = tools("zebra", "ant", "mouse").build();

    assertThat(catalog.tools(Switches.ALL_ON, null).features())
        .extracting(Tool::name)
        .containsExactly("zebra", "ant", "mouse");
  }

  @Test
  void pages_on_different_instances_make_the_whole_list() {
    List<String> seen = new ArrayList<>();
    @Nullable String cursor = null;

    do {
      var anotherInstance = tools("a", "b", "c", "d", "e").pageSize(2).build();
      var page = anotherInstance.tools(Switches.ALL_ON, cursor);
      page.features().forEach(tool -> seen.add(tool.name()));
      cursor = page.nextCursor().orElse(null);
    } while (cursor != null);

    assertThat(seen).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void a_switch_between_two_pages_neither_skips_nor_repeats_others() {
    var catalog = tools("a", "b", "c", "d").pageSize(2).build();

    var first = catalog.tools(Switches.ALL_ON, null);
    var second = catalog.tools(off(FeatureKind.TOOL, "a", "b"), first.nextCursor().orElseThrow());

    assertThat(second.features()).extracting(Tool::name).containsExactly("c", "d");
    assertThat(second.nextCursor()).isEmpty();
  }

  @Test
  void a_foreign_cursor_is_refused() {
    var catalog = tools("a", "b").pageSize(1).build();
    var cursor = catalog.tools(Switches.ALL_ON, null).nextCursor().orElseThrow();

    assertThat(catalog.tools(Switches.ALL_ON, "").features()).hasSize(1);
    for (var bad : List.of("x", "!!!", cursor + "A", new Cursor(FeatureKind.TOOL, "c").encoded())) {
      assertThatThrownBy(() -> catalog.tools(Switches.ALL_ON, bad))
          .isInstanceOf(CursorUnknown.class);
    }
    assertThatThrownBy(() -> catalog.prompts(Switches.ALL_ON, cursor))
        .isInstanceOf(CursorUnknown.class);
  }

  @Test
  void what_is_switched_off_is_not_there() {
    var catalog = tools("a", "b").build();
    var switches = off(FeatureKind.TOOL, "a");

    assertThat(catalog.tools(switches, null).features())
        .extracting(Tool::name)
        .containsExactly("b");
    assertThat(catalog.findTool(switches, "a")).isEmpty();
    assertThat(catalog.findTool(off(FeatureKind.PROMPT, "a"), "a")).isPresent();
  }

  @Test
  void a_uri_is_a_resource_before_it_is_of_a_template() throws Exception {
    var catalog =
        Catalog.builder()
            .add(
                ResourceTemplate.matching("x://{id}").text((request, context) -> "any"),
                Resource.at("x://one").text((request, context) -> "one"))
            .build();

    assertThat(read(catalog, "x://one")).isEqualTo("one");
    assertThat(read(catalog, "x://two")).isEqualTo("any");
    assertThat(catalog.findReading(Switches.ALL_ON, "x://two").orElseThrow().request().variables())
        .isEqualTo(Map.of("id", "two"));
    assertThat(catalog.findReading(Switches.ALL_ON, "x://a/b")).isEmpty();
    assertThat(catalog.findReading(off(FeatureKind.TEMPLATE, "x://{id}"), "x://two")).isEmpty();
  }

  private static String read(Catalog catalog, String uri) throws Exception {
    var reading = catalog.findReading(Switches.ALL_ON, uri).orElseThrow();
    return ((ResourceContents.Text)
            reading.reader().read(reading.request(), new ScriptedContext()).getFirst())
        .text();
  }

  @Test
  void two_features_of_one_kind_and_name_are_refused() {
    assertThatThrownBy(() -> tools("a", "b", "a").build()).hasMessageContaining("a");
  }

  @Test
  void suggestions_are_bounded() throws Exception {
    var many = java.util.stream.IntStream.range(0, 300).mapToObj(i -> "n" + i).toList();

    var completion = Completer.among(many).complete("N1", Map.of());

    assertThat(completion.values()).hasSize(100).allMatch(value -> value.startsWith("n1"));
    assertThat(completion.total()).isEqualTo(111);
    assertThat(completion.hasMore()).isTrue();
  }

  /// Each list of a principal is read again, and what all principals have must not be copied for
  /// it.
  @Test
  void what_was_read_again_and_is_the_same_is_not_copied() {
    var key = new Switches.Key(FeatureKind.TOOL, "a");
    var kinds = Set.of(FeatureKind.TOOL);
    var all =
        new Switches(
            Set.of(key), Map.of("ada", Map.of(key, true), "bob", Map.of(key, false)), kinds);
    var adas = new Switches(Set.of(key), Map.of("ada", Map.of(key, true)), kinds);

    assertThat(all.with("ada", adas)).isSameAs(all);
    var changed = all.with("bob", adas);
    assertThat(changed.own()).containsOnlyKeys("ada");
    assertThat(changed.with("eve", adas)).isSameAs(changed);
  }
}
