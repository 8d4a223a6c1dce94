package trunkline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import trunkline.catalog.FeatureLoader;
import trunkline.feature.Catalog;
import trunkline.feature.InvalidArguments;
import trunkline.feature.ResourceNotFound;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Switches;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

class SampleCatalogTest {
  private final Catalog catalog = FeatureLoader.load("sample");
  private final ScriptedContext context = new ScriptedContext();

  private ToolResult call(String tool, String arguments) throws Exception {
    return catalog
        .findTool(Switches.ALL_ON, tool)
        .orElseThrow()
        .bind(Codec.objectFrom(arguments.replace('\'', '"')))
        .run(context);
  }

  @Test
  void the_calculator_is_typed_in_and_out() throws Exception {
    assertThat(call("calculate", "{'a':6,'operation':'DIVIDE','b':4}").structured())
        .isEqualTo(Codec.object().put("value", 1.5));
    assertThatThrownBy(() -> call("calculate", "{'a':6,'operation':'DIVIDE','b':0}"))
        .isInstanceOf(ToolFailed.class);
    assertThatThrownBy(() -> call("calculate", "{'a':6,'operation':'GUESS','b':0}"))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining("/operation");
  }

  @Test
  void the_pizzeria_takes_every_answer() throws Exception {
    context.answering(
        "{\"action\":\"accept\",\"content\":{\"toppings\":[\"OLIVES\"],\"glutenFree\":true}}",
        "{\"action\":\"decline\"}",
        "{\"action\":\"cancel\"}");

    assertThat(call("order_pizza", "{'guests':3}"))
        .isEqualTo(ToolResult.text("3 × MEDIUM pizza with [OLIVES], gluten-free"));
    assertThat(call("order_pizza", "{}")).isEqualTo(ToolResult.text("No pizza then."));
    assertThat(call("order_pizza", "{}"))
        .isEqualTo(ToolResult.text("The kitchen is still waiting."));
  }

  @Test
  void the_model_summarizes() throws Exception {
    context.answering(
        "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"short\"}}");

    assertThat(call("summarize", "{'text':'long'}")).isEqualTo(ToolResult.text("short"));
  }

  @Test
  void the_oven_says_how_far_it_is() throws Exception {
    call("bake", "{'seconds':1}");

    assertThat(context.told)
        .containsExactly(
            "info the oven is on",
            "progress 1.0/4.0",
            "progress 2.0/4.0",
            "progress 3.0/4.0",
            "progress 4.0/4.0",
            "info the oven is off");
  }

  @Test
  void the_notebook_belongs_to_the_session() throws Exception {
    call("add_note", "{'text':'one'}");
    call("add_note", "{'text':'two'}");

    assertThat(Codec.text(Objects.requireNonNull(call("list_notes", "{}").structured())))
        .isEqualTo("{\"notes\":[\"one\",\"two\"]}");
    context.values.clear();
    assertThat(call("list_notes", "{}").structured()).hasToString("{\"notes\":[]}");
  }

  @Test
  void messages_reach_others() throws Exception {
    assertThat(call("who_am_i", "{}").structured())
        .hasToString("{\"sessionId\":\"here\",\"principal\":\"anonymous\"}");
    call("whisper", "{'sessionId':'there','text':'psst'}");
    call("shout", "{'text':'hello'}");
    call("run_clock", "{'seconds':1}");
    call("hide_surprise", "{}");

    assertThat(context.told)
        .containsExactly(
            "to there notifications/message",
            "to all notifications/message",
            "updated sample://clock",
            "progress 1.0/1.0",
            "TOOL surprise false");
    assertThatThrownBy(() -> call("whisper", "{'sessionId':'nowhere','text':'psst'}"))
        .isInstanceOf(ToolFailed.class);
  }

  @Test
  void cities_are_found_read_and_suggested() throws Exception {
    assertThat(call("find_city", "{'text':'lju'}").content()).hasSize(1);
    var reading = catalog.findReading(Switches.ALL_ON, "sample://cities/Ljubljana").orElseThrow();
    assertThat(reading.reader().read(reading.request(), context)).hasSize(1);
    var nowhere = catalog.findReading(Switches.ALL_ON, "sample://cities/Atlantis").orElseThrow();
    assertThatThrownBy(() -> nowhere.reader().read(nowhere.request(), context))
        .isInstanceOf(ResourceNotFound.class);
    var guide = catalog.findPrompt(Switches.ALL_ON, "travel_guide").orElseThrow();
    var cities = guide.findArgument("city").orElseThrow().completer();
    assertThat(Objects.requireNonNull(cities).complete("L", Map.of()).values())
        .containsExactly("Lisbon", "Ljubljana");
    assertThat(guide.handler().write(Map.of("city", "Bern"), context)).hasSize(1);
  }
}
