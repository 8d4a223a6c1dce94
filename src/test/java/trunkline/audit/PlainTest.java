package trunkline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What strangers say fits a column, and what may be a secret in an address is left out.
class PlainTest {
  @Test
  void a_text_is_one_line_of_characters_that_a_database_takes() {
    assertThat(Plain.text("a\u0000b\nc\ud800d\u00e9\ud83d\ude00", 100))
        .isEqualTo("a?b?c?d\u00e9\ud83d\ude00");
    assertThat(Plain.text("abcdef", 3)).isEqualTo("abc");
  }

  @Test
  void an_address_is_without_parameters_and_passwords() {
    assertThat(Plain.uri("https://ada:pw@shop.example/a@b?token=x#y", 100))
        .isEqualTo("https://shop.example/a@b?…");
    assertThat(Plain.uri("file:///a#secret", 100)).isEqualTo("file:///a#…");
    assertThat(Plain.uri("audit://weather", 100)).isEqualTo("audit://weather");
  }

  @Test
  void a_trace_is_taken_from_a_well_formed_traceparent_alone() {
    var id = "4bf92f3577b34da6a3ce929d0e0e4736";
    assertThat(TraceParent.traceOf(Optional.of("00-" + id + "-00f067aa0ba902b7-01"))).isEqualTo(id);
    for (var bad :
        new String[] {
          "",
          "00-" + id,
          "ff-" + id + "-00f067aa0ba902b7-01",
          "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01",
          "00-" + id.toUpperCase(java.util.Locale.ROOT) + "-00f067aa0ba902b7-01"
        }) {
      assertThat(TraceParent.traceOf(Optional.of(bad))).as(bad).isNull();
    }
  }
}
