package trunkline.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.testing.Program;

class OrderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          demo --seed 1         | demo has no option --seed: chaos has
          demo now              | demo does not take 'now': see ./trunkline demo --help
          chaos --minute 1      | chaos does not take '--minute': see ./trunkline chaos --help
          chaos --minutes       | --minutes needs a value
          chaos --minutes long  | --minutes: 'long' is not a number from 0.25 to 1440.0
          chaos --minutes 0     | --minutes: '0' is not a number from 0.25 to 1440.0
          chaos --seed x        | --seed: 'x' is not a whole number
          chaos --plant roses   | --plant: 'roses' is not one of lost, doubled, misrouted
          """)
  void a_wrong_command_line_is_one_line_and_code_2(String line, String message) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();

    assertThat(run(line, out, err)).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("trunkline: " + message + "\n");
  }

  @Test
  void help_says_what_it_takes() {
    var out = new ByteArrayOutputStream();

    assertThat(run("chaos --help", out, new ByteArrayOutputStream())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("--minutes M", "--seed S", "--poll-only", "--plant BUG");
  }

  @Test
  void a_seed_draws_the_same_plan_again_and_another_seed_another() {
    var typed = List.of("chaos", "--minutes", "10", "--seed", "7", "--poll-only");

    assertThat(Order.of(typed).plan()).isEqualTo(Order.of(typed).plan());
    assertThat(Order.of(typed).plan()).isNotEqualTo(Plan.drawn(8, 600));
    assertThat(Order.of(typed).title())
        .isEqualTo("./trunkline chaos --minutes 10.0 --seed 7 --poll-only");
  }

  @Test
  void every_fault_is_drawn() {
    assertThat(Plan.drawn(7, 600).steps()).extracting(Step::fault).contains(Fault.values());
  }

  private static int run(String line, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return Program.run(
        List.of(line.split(" ", -1)),
        Main::read,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
