package trunkline.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How rates are written, and which one counts.
class RateLimitTest {
  private static final RateLimit FIVE = RateLimit.parse("5/s");
  private static final RateLimit SIX = RateLimit.parse("6/s");

  @Test
  void a_rate_has_a_period_and_a_burst_which_is_else_the_number() {
    assertThat(RateLimit.parse("100/s:200")).isEqualTo(new RateLimit(100, RatePeriod.SECOND, 200));
    assertThat(RateLimit.parse("20/m")).isEqualTo(new RateLimit(20, RatePeriod.MINUTE, 20));
    assertThat(RateLimit.parse("1/d").perSecond()).isEqualTo(1 / 86_400.0);
    assertThat(RateLimit.parse("0/h")).isEqualTo(new RateLimit(0, RatePeriod.HOUR, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5/", "/s", "5/w", "-1/s", "5/s:", "5/s:0", "1000001/s", "5/s:99999999"})
  void other_forms_are_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.parse(text));
  }

  @Test
  void a_portion_is_a_quarter_of_a_second_and_of_the_burst_and_one_at_least() {
    assertThat(RateLimit.parse("1000/s").portionMax()).isEqualTo(250);
    assertThat(RateLimit.parse("1000/s:40").portionMax()).isEqualTo(10);
    assertThat(RateLimit.parse("1/m:50").portionMax()).isEqualTo(1);
  }

  @Test
  void tools_are_named_once_each() {
    assertThat(RatePolicy.named(List.of("bake=5/s", "*=6/s")))
        .isEqualTo(Map.of("bake", FIVE, "*", SIX));
    assertThatIllegalArgumentException().isThrownBy(() -> RatePolicy.named(List.of("5/s")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RatePolicy.named(List.of("bake=5/s", "bake=6/s")));
  }

  @Test
  void rows_count_more_than_options_and_a_name_more_than_each() {
    var options = new RatePolicy(Optional.of(FIVE), Map.of("*", FIVE, "bake", SIX), Map.of());
    var rows =
        new RateSettings(
            options,
            Map.of(
                BucketKey.ofPrincipal("*"), Optional.of(SIX),
                BucketKey.ofPrincipal("ada"), Optional.empty(),
                BucketKey.ofBoth("*", "bake"), Optional.of(FIVE)));
    var none = new RateSettings(options, Map.of());

    assertThat(none.of(BucketKey.ofPrincipal("ada"))).contains(FIVE);
    assertThat(rows.of(BucketKey.ofPrincipal("ada"))).as("set free").isEmpty();
    assertThat(rows.of(BucketKey.ofPrincipal("bob"))).contains(SIX);
    assertThat(rows.of(BucketKey.ofTool("bake"))).contains(SIX);
    assertThat(rows.of(BucketKey.ofTool("boil"))).contains(FIVE);
    assertThat(rows.of(BucketKey.ofBoth("bob", "bake"))).contains(FIVE);
    assertThat(rows.of(BucketKey.ofBoth("bob", "boil"))).isEmpty();
  }

  @Test
  void no_two_names_have_one_bucket() {
    assertThat(
            List.of(
                BucketKey.ofBoth("a", "bc"),
                BucketKey.ofBoth("ab", "c"),
                BucketKey.ofTool("abc"),
                BucketKey.ofPrincipal("abc")))
        .extracting(key -> HexFormat.of().formatHex(key.digest()))
        .doesNotHaveDuplicates();
  }
}
