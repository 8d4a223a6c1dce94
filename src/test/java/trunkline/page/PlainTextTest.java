package trunkline.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void a_line_has_no_sign_that_turns_hides_or_ends_it() {
    assertThat(PlainText.line("a\u202Eb\u200Bc\nd\u0000e\u2028f", 80)).isEqualTo("a�b�c�d�e�f");
    assertThat(PlainText.line("😀é<b>", 80)).isEqualTo("😀é<b>");
  }

  @Test
  void a_line_is_no_longer_than_said() {
    assertThat(PlainText.line("x".repeat(10_000), 3)).isEqualTo("xxx…");
    assertThat(PlainText.line("😀😀", 2)).isEqualTo("😀😀");
    assertThat(PlainText.line("😀😀😀", 2)).isEqualTo("😀😀…");
  }

  @Test
  void lines_stay_lines() {
    assertThat(PlainText.lines("a\r\nb\n\tc\u202E\r")).isEqualTo("a\nb\n\tc��");
  }
}
