package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTemplateTest {
  @ParameterizedTest
  @CsvSource({
    "test://template/{id}/data, test://template/123/data, 123",
    "test://template/{id}/data, test://template/a%2Fb/data, a/b",
    "test://template/{id}/data, test://template/%C3%A9/data, é",
    "test://template/{id}/data, test://template/é/data, é",
    "test://template/{id}/data, test://template/x-😀/data, x-😀",
    "test://{id}.json, test://a.b.json, a.b",
    "file:///{+id}, file:///a/b/c.txt, a/b/c.txt",
    "x:{#id}, x:#a/b, a/b",
    "x:a{/id}, x:a/b, b",
    "x:a{.id}, x:a.b, b",
  })
  void a_uri_gives_back_the_variable_it_was_made_from(String template, String uri, String value) {
    assertThat(UriTemplate.parse(template).match(uri)).contains(Map.of("id", value));
  }

  @ParameterizedTest
  @CsvSource({
    "test://template/{id}/data, test://template//data",
    "test://template/{id}/data, test://template/a/b/data",
    "test://template/{id}/data, test://template/a/data/",
    "test://template/{id}/data, test://template/a/datum",
    "test://template/{id}/data, TEST://template/a/data",
    "test://template/{id}/data, test://template/%zz/data",
    "test://template/{id}/data, test://template/%C3/data",
    "test://template/{id}/data, test://nonexistent-resource-for-conformance-testing",
    "test://a{?q}, test://ab",
    "test://a{?q}, test://a?r=1",
    "test://a{?q}, test://a?q=1&q=2",
  })
  void another_uri_does_not_match(String template, String uri) {
    assertThat(UriTemplate.parse(template).match(uri)).isEmpty();
  }

  @Test
  void queries_come_in_any_order_and_may_be_missing() {
    var template = UriTemplate.parse("orders://{id}/lines{?page,size}");

    assertThat(template.match("orders://7/lines")).contains(Map.of("id", "7"));
    assertThat(template.match("orders://7/lines?size=2&page=a%20b"))
        .contains(Map.of("id", "7", "page", "a b", "size", "2"));
    assertThat(template.variables()).containsExactly("id", "page", "size");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{a}{b}",
        "{a:3}",
        "{a*}",
        "{a,b}",
        "{a",
        "a}",
        "{}",
        "{a}/{a}",
        "{+a}/{+b}",
        "{?q}/x"
      })
  void what_could_be_read_in_two_ways_is_refused(String template) {
    assertThatThrownBy(() -> UriTemplate.parse(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(template);
  }

  @Test
  @Timeout(10)
  void a_long_uri_costs_little() {
    var template = UriTemplate.parse("x:{+a}/{b}/{c}/end");

    assertThat(template.match("x:" + "/".repeat(2000))).isEmpty();
    assertThat(template.match("x:" + "/".repeat(200_000))).isEmpty();
  }
}
