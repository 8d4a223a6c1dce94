package trunkline.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Default;
import trunkline.feature.Description;
import trunkline.feature.Length;
import trunkline.feature.Range;
import trunkline.feature.Title;
import trunkline.jsonrpc.Codec;

/// What records say of themselves, and what comes of their JSON. The zoo has the rest.
class BindingTest {
  enum Size {
    SMALL,
    LARGE
  }

  record Address(String street, @Default("1") int floor) {}

  @Description("An order")
  record Order(
      @Title("Customer") @Description("who orders") @Length(min = 1, max = 40) String customer,
      @Range(min = 1, max = 99) int pieces,
      long total,
      @Range(min = 0.5) double weight,
      boolean urgent,
      @Default("SMALL") Size size,
      Optional<String> note,
      OptionalInt discount,
      @Nullable String coupon,
      @Length(max = 3) List<String> tags,
      Set<Size> sizes,
      Map<String, Double> prices,
      Address address,
      LocalDate day,
      Instant moment,
      Duration patience,
      URI site,
      UUID key,
      JsonNode anything) {}

  @Test
  void a_record_says_what_it_takes() {
    assertThat(Codec.text(Binding.of(Order.class).schema()))
        .isEqualTo(
            oneLine(
                """
                {"type": "object", "description": "An order", "properties": {
                  "customer": {"type": "string", "minLength": 1, "maxLength": 40,
                    "title": "Customer", "description": "who orders"},
                  "pieces": {"type": "integer", "minimum": 1, "maximum": 99},
                  "total": {"type": "integer", "minimum": -9223372036854775808,
                    "maximum": 9223372036854775807},
                  "weight": {"type": "number", "minimum": 0.5},
                  "urgent": {"type": "boolean"},
                  "size": {"type": "string", "enum": ["SMALL", "LARGE"], "default": "SMALL"},
                  "note": {"type": "string"},
                  "discount": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                  "coupon": {"type": "string"},
                  "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
                  "sizes": {"type": "array", "items": {"type": "string", "enum": ["SMALL", "LARGE"]},
                    "uniqueItems": true},
                  "prices": {"type": "object", "additionalProperties": {"type": "number"}},
                  "address": {"type": "object", "properties": {
                      "street": {"type": "string"}, "floor": {"type": "integer", "minimum": -2147483648,
                        "maximum": 2147483647, "default": 1}},
                    "required": ["street"], "additionalProperties": false},
                  "day": {"type": "string", "format": "date"},
                  "moment": {"type": "string", "format": "date-time"},
                  "patience": {"type": "string",
                    "pattern": "^-?P(?=[\\\\dT])(\\\\d{1,9}D)?(T(?=\\\\d)(\\\\d{1,12}H)?(\\\\d{1,12}M)?(\\\\d{1,12}(\\\\.\\\\d{1,9})?S)?)?$"},
                  "site": {"type": "string", "format": "uri"},
                  "key": {"type": "string", "format": "uuid"},
                  "anything": {}},
                 "required": ["customer", "pieces", "total", "weight", "urgent", "tags", "sizes",
                   "prices", "address", "day", "moment", "patience", "site", "key", "anything"],
                 "additionalProperties": false}
                """));
  }

  /// Compared as text: the numbers of a parsed tree have other Java types.
  private static String oneLine(String json) {
    return Codec.text(Codec.tree(json));
  }

  @Test
  void what_the_schema_allows_the_record_takes_and_gives_back() throws Misfit {
    var json =
        Codec.objectFrom(
            """
            {"customer": "Ada", "pieces": 2, "total": 9007199254740993, "weight": 1, "urgent": true,
             "tags": [], "sizes": ["LARGE"], "prices": {"a": 1.5}, "address": {"street": "Main"},
             "day": "2026-11-22", "moment": "2026-11-22T01:02:03Z", "patience": "PT3S",
             "site": "https://example.org/", "key": "00000000-0000-0001-0000-000000000002",
             "anything": [1, null]}
            """);

    var order = Binding.of(Order.class).read(json);

    assertThat(order.total()).isEqualTo(9007199254740993L);
    assertThat(order.size()).isEqualTo(Size.SMALL);
    assertThat(order.note()).isEmpty();
    assertThat(order.discount()).isEmpty();
    assertThat(order.coupon()).isNull();
    assertThat(order.address()).isEqualTo(new Address("Main", 1));
    assertThat(order.day()).isEqualTo(LocalDate.of(2026, 11, 22));
    assertThat(order.patience()).isEqualTo(Duration.ofSeconds(3));
    var back = Binding.of(Order.class).write(order);
    assertThat(JsonSchema.compile(Binding.of(Order.class).schema()).problems(back)).isEmpty();
    assertThat(back.propertyNames()).startsWith("customer", "pieces", "total");
    assertThat(back.has("note")).isFalse();
  }

  record Odd(Thread thread) {}

  record Node(List<Node> children) {}

  @Test
  void what_has_no_schema_is_refused_by_name() {
    assertThatThrownBy(() -> Binding.of(Odd.class))
        .hasMessageContaining("Odd.thread")
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> Binding.of(Node.class)).hasMessageContaining("contains itself");
  }

  record Percent(int value) {
    Percent {
      if (value > 100) {
        throw new IllegalArgumentException("more than everything");
      }
    }
  }

  @Test
  void a_constructors_own_objection_is_told() {
    assertThatThrownBy(() -> Binding.of(Percent.class).read(Codec.object().put("value", 101)))
        .isInstanceOf(Misfit.class)
        .hasMessageContaining("more than everything");
  }

  record Floor(@Default("1") int number, Optional<String> name) {}

  record House(
      Floor ground,
      List<Floor> floors,
      Optional<Floor> attic,
      Map<String, Floor> annexes,
      @Nullable Floor cellar,
      @Default("{}") Floor roof) {}

  @Test
  void a_default_is_applied_wherever_its_record_is() throws Misfit {
    var json =
        Codec.tree(
            """
            {"ground": {}, "floors": [{}, {"number": 2}], "attic": {}, "annexes": {"a": {}},
             "cellar": {}}
            """);
    var one = new Floor(1, Optional.empty());

    assertThat(Binding.of(House.class).read(json))
        .isEqualTo(
            new House(
                one,
                List.of(one, new Floor(2, Optional.empty())),
                Optional.of(one),
                Map.of("a", one),
                one,
                one));
  }

  /// Models send it all day.
  @Test
  void null_for_what_may_be_absent_is_absent() throws Misfit {
    var json =
        Codec.tree(
            """
            {"ground": {"number": null, "name": null}, "floors": [{"name": null}], "attic": null,
             "annexes": {"a": {"number": null}}, "cellar": null, "roof": null}
            """);
    var one = new Floor(1, Optional.empty());

    assertThat(Binding.of(House.class).read(json))
        .isEqualTo(new House(one, List.of(one), Optional.empty(), Map.of("a", one), null, one));
    assertThatThrownBy(() -> Binding.of(House.class).read(Codec.tree("{\"ground\": null}")))
        .hasMessageContaining("/ground: is null, expected an object");
  }

  sealed interface Figure permits Circle, Square {}

  record Circle(double radius) implements Figure {}

  @Title("A square")
  record Square(double side) implements Figure {}

  record Drawing(Figure figure) {}

  @Test
  void a_sealed_interface_is_one_of_its_records_and_says_which() throws Misfit {
    var binding = Binding.of(Drawing.class);
    var circle = Codec.tree("{\"figure\":{\"type\":\"Circle\",\"radius\":1.5}}");

    assertThat(binding.schema().path("properties").path("figure"))
        .isEqualTo(
            Codec.tree(
                """
                {"type": "object", "oneOf": [
                  {"type": "object", "properties": {"type": {"type": "string", "const": "Circle"},
                    "radius": {"type": "number"}},
                   "required": ["type", "radius"], "additionalProperties": false},
                  {"type": "object", "title": "A square", "properties": {
                    "type": {"type": "string", "const": "Square"}, "side": {"type": "number"}},
                   "required": ["type", "side"], "additionalProperties": false}]}
                """));
    assertThat(binding.read(circle)).isEqualTo(new Drawing(new Circle(1.5)));
    assertThat(binding.write(new Drawing(new Circle(1.5)))).isEqualTo(circle);
  }
}
