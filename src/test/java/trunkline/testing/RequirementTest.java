package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RequirementTest {
  private final String asked = Requirement.test();

  @Test
  void what_is_absent_ends_the_test_without_a_verdict() {
    assertThat(Requirement.absent("node is not installed", ""))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("node is not installed");
  }

  @Test
  void what_is_absent_fails_where_all_is_required() {
    assertThatThrownBy(() -> Requirement.absent("node is not installed", "all"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("node is not installed");
  }

  @Test
  void a_misspelt_requirement_is_not_taken_for_none() {
    assertThatThrownBy(() -> Requirement.absent("node is not installed", "al"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("'al'");
  }

  @Test
  void what_was_not_run_is_named() {
    assertThat(Requirement.test()).isEqualTo("RequirementTest.what_was_not_run_is_named");
    assertThat(asked).isEqualTo("RequirementTest");
  }

  @Test
  void programs_are_found_where_they_are() {
    assertThat(Requirement.findProgram("sh")).isPresent();
    assertThat(Requirement.findProgram("no-such-program")).isEmpty();
  }
}
