package trunkline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The spelling of texts that no header can carry as they are.
class HeaderTextTest {
  @ParameterizedTest
  @CsvSource({
    "=?base64?SGVsbG8=?=, Hello",
    "=?base64?SGk=?=, Hi",
    "=?base64?QUJD?=, ABC",
    "=?base64?w7xtbMOkdXQ=?=, ümläut",
    "=?base64?5pel5pys?=, 日本",
    "=?base64?IHggIA==?=, ' x  '",
    "=?base64?Cg==?=, '\n'",
    "=?base64??=, ''",
    "=?base64?PT9iYXNlNjQ/eD89?=, =?base64?x?="
  })
  void what_is_encoded_is_decoded(String value, String text) {
    assertThat(HeaderText.decode(value)).contains(text);
  }

  /// The last three are not the marks: they are written in lower case, and there are two of them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "a b",
        "SGVsbG8=",
        "=?base64?SGVsbG8=",
        "SGVsbG8=?=",
        "=?base64?=",
        "=?BASE64?SGVsbG8=?=",
        "x=?base64?SGVsbG8=?=",
        "=?utf-8?B?SGVsbG8=?="
      })
  void everything_else_is_what_it_is(String value) {
    assertThat(HeaderText.decode(value)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SGVsbG8", // without its padding, which the JDK forgives
        "SGVsbG8==",
        "SGVs!!!bG8=",
        "SGVs bG8=",
        "SGVs\tbG8",
        "SGVs-_8=", // of another alphabet
        "=SGV",
        "SG=V",
        "A===",
        "/w==", // no UTF-8
        "wK8=", // nor is an overlong one
        "7aCA" // nor half a character
      })
  void what_only_looks_encoded_is_refused(String encoded) {
    assertThat(HeaderText.decode("=?base64?" + encoded + "?=")).isEmpty();
  }

  /// The unused bits of the last character: two spellings of one text would be two routes to it.
  @Test
  void bits_that_nobody_reads_are_not_an_error() {
    assertThat(HeaderText.decode("=?base64?SGl=?=")).contains("Hi");
  }
}
