package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.testing.Json;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

class KeyCommandTest {
  private final TestDatabase db;

  KeyCommandTest(TestDatabase db) {
    this.db = db;
  }

  /// What a command printed.
  private record Ran(int code, String out, String err) {}

  private Ran run(String... arguments) {
    var all = new ArrayList<>(List.of("key"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--database-url", db.url(),
            "--database-user", db.user(),
            "--database-password", db.password()));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code = Main.run(all, Map.of(), printing(out), printing(err));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream printing(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  @Test
  void a_key_is_printed_alone_lets_in_and_is_revoked_by_its_number(TestCluster cluster) {
    var a = cluster.start("a", "api-keys", "true");

    var issued = run("issue", "ada", "--scopes", "orders.write orders.read", "--expires=90d");
    assertThat(issued.code()).isZero();
    assertThat(issued.out()).matches("tk_[0-9]+_[A-Za-z0-9_-]{43}\\R");
    var key = issued.out().strip();
    var number = key.split("_", 3)[1];
    assertThat(issued.err()).startsWith("Key " + number + " of ada").doesNotContain(key);

    try (var client = new StatelessTestClient().withHeader("Authorization", "Bearer " + key)) {
      assertThat(client.on(a).request("tools/list", "{}").status()).isEqualTo(200);
      var listed = Json.of(run("list", "--json").out().lines().findFirst().orElseThrow());
      assertThat(listed.path("id").asString()).isEqualTo(number);
      assertThat(listed.path("principal").asString()).isEqualTo("ada");
      assertThat(listed.path("scopes")).isEqualTo(Json.of("[\"orders.read\",\"orders.write\"]"));
      assertThat(listed.path("expires_at").asString()).isNotBlank();
      assertThat(listed.path("state").asString()).isEqualTo("living");
      assertThat(run("list").out())
          .contains("principal", "ada", "orders.read orders.write", "living")
          .doesNotContain(key);

      assertThat(run("revoke", number).out()).isEqualTo("Key " + number + " is revoked.\n");
      assertThat(run("list").out()).contains("revoked");
      var again = run("revoke", number);
      assertThat(again.code()).isOne();
      assertThat(again.err())
          .isEqualTo("trunkline: there is no key " + number + " that is not revoked\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                              | 2 | issue, list or revoke
          mint ada                        | 2 | issue, list or revoke
          issue                           | 2 | needs a PRINCIPAL
          issue ada eve                   | 2 | does not take 'eve'
          issue ada --expires soon        | 2 | 90d or 12h
          issue ada --expires             | 2 | --expires needs a value
          issue ada --json                | 2 | --json is for key list
          issue anonymous                 | 1 | anonymous is everybody
          issue ada --scopes a\\b         | 1 | scopes are up to 100 words
          issue ada --expires 2020-01-01T00:00:00Z | 1 | expires in the future
          list all                        | 2 | does not take 'all'
          list --scopes a                 | 2 | are for key issue
          revoke                          | 2 | needs a NUMBER
          revoke x                        | 2 | a key's number
          """)
  void what_is_wrong_is_said_in_a_line(String arguments, int code, String words) {
    var ran = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ran.err()).contains(words).hasLineCount(1);
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.out()).isEmpty();
  }
}
