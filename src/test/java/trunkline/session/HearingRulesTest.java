package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: no request that begins after a DELETE was answered is served from memory, whatever happens
/// in whatever order. Method: every reachable state of them, by the rules; and each rule left out
/// must show what it is for.
class HearingRulesTest {
  @Test
  void no_late_request_is_served_in_any_order_of_events() {
    var explored = HearingRules.whole().explore();

    assertThat(explored.counterexample()).isEmpty();
    assertThat(explored.states()).as("states").isGreaterThan(10_000);
  }

  @ParameterizedTest
  @EnumSource(HearingRules.Rule.class)
  void each_rule_is_needed(HearingRules.Rule rule) {
    var explored = HearingRules.without(rule).explore();

    assertThat(explored.counterexample()).as("without %s", rule).isPresent();
  }
}
