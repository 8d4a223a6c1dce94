package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WakeTextTest {

  @Test
  void wakes_are_words() {
    var wakes =
        List.of(new Wake(Topic.STREAM, 12), new Wake(Topic.ANSWER, 44), Wake.all(Topic.OUTBOX));

    assertThat(WakeText.encode(wakes)).containsExactly("s12 a44 o0");
    assertThat(WakeText.decode("s12 a44 o0").wakes()).isEqualTo(wakes);
  }

  @Test
  void many_wakes_take_several_payloads_none_too_long() {
    var wakes =
        LongStream.range(0, 3_000)
            .mapToObj(id -> new Wake(Topic.STREAM, Long.MAX_VALUE / 10 - id))
            .toList();

    var payloads = WakeText.encode(wakes);

    assertThat(payloads)
        .hasSizeGreaterThan(1)
        .allMatch(p -> p.getBytes(StandardCharsets.UTF_8).length <= 7_900);
    assertThat(payloads.stream().flatMap(p -> WakeText.decode(p).wakes().stream()).toList())
        .isEqualTo(wakes);
  }

  @Test
  void what_a_newer_release_says_is_skipped() {
    var heard = WakeText.decode("z9 s12 hello -1 s s1x s99999999999999999999 é7");

    assertThat(heard.wakes()).containsExactly(new Wake(Topic.STREAM, 12));
    assertThat(heard.unreadable()).isEqualTo(7);
    assertThat(WakeText.decode("").wakes()).isEmpty();
  }
}
