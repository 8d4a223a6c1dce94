package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.doctor.Finding;
import trunkline.doctor.Report;
import trunkline.doctor.Verdict;
import trunkline.testing.Json;
import trunkline.testing.TestDatabase;

class DoctorCommandTest {
  private static final Finding WELL = new Finding("clock", Verdict.OK, "it is right", "");
  private static final Finding NOTED = new Finding("schema", Verdict.NOTE, "newer", "nothing");
  private static final Finding SLOW =
      new Finding("slots", Verdict.WARNING, "held by \"a\nb\u001b[2J\"", "select end_it()");

  /// What was printed and how it ended.
  private record Ran(int code, String out, String err) {}

  @Test
  void people_read_a_line_a_finding_what_to_do_below_and_a_summary() {
    var ran = print(new Report(true, List.of(WELL, NOTED, SLOW)), false);

    assertThat(ran.out())
        .isEqualTo(
            """
            ok       clock   it is right
            note     schema  newer
                             → nothing
            warning  slots   held by "a\\nb\\u001b[2J"
                             → select end_it()

            1 warning, 1 note.
            """);
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void machines_read_an_object_of_a_form_that_stays() {
    var ran = print(new Report(true, List.of(WELL, SLOW)), true);

    assertThat(ran.out())
        .isEqualTo(
            """
            {"looked":true,"worst":"warning","findings":[\
            {"check":"clock","verdict":"ok","found":"it is right","remedy":""},\
            {"check":"slots","verdict":"warning","found":"held by \\"a\\nb\\u001B[2J\\"","remedy":"select end_it()"}]}
            """);
  }

  @Test
  void the_exit_code_tells_well_from_ill_from_unknown() {
    assertThat(print(new Report(true, List.of(WELL, NOTED)), false).code()).isZero();
    assertThat(print(new Report(true, List.of(SLOW)), true).code()).isEqualTo(1);
    assertThat(print(new Report(false, List.of(WELL)), false).code()).isEqualTo(2);
    assertThat(print(Report.unreached("gone; bring it back"), false))
        .isEqualTo(
            new Ran(
                2,
                """
                fault    database  gone
                                   → bring it back

                1 fault; not everything could be looked at.
                """,
                ""));
  }

  @Test
  void it_looks_at_the_database_that_the_options_name(TestDatabase db) {
    var ran = run(db.url(), db, "--json");

    var answer = Json.of(ran.out());
    assertThat(ran.err()).isEmpty();
    assertThat(answer.path("looked").asBoolean()).isTrue();
    assertThat(answer.path("findings").findValuesAsString("check"))
        .contains("schema", "primary", "wake path", "slots");
    assertThat(run(db.url(), db).out()).contains("ok       schema", "ok       wake path");
  }

  @Test
  void a_database_that_is_away_is_a_finding_without_a_class_or_a_password(TestDatabase db) {
    var ran = run("jdbc:postgresql://127.0.0.1:1/gone", db);

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out())
        .startsWith("fault    database  cannot use the database jdbc:postgresql://127.0.0.1:1/gone")
        .doesNotContain("Exception", "java.", "hush");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void help_says_what_it_costs_and_what_the_exit_codes_mean() {
    var help = command("doctor", "--help").out();

    assertThat(help.replaceAll("\\s+", " "))
        .contains("[--json]", "changes nothing", "Costs", "Ends with 0", "--database-direct-url");
  }

  private static Ran run(String url, TestDatabase db, String... more) {
    var line =
        new ArrayList<>(List.of("doctor", "--database-url", url, "--database-user", db.user()));
    line.addAll(List.of("--database-password", db.password().isEmpty() ? "hush" : db.password()));
    line.addAll(List.of(more));
    return command(line.toArray(String[]::new));
  }

  private static Ran command(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code = Main.run(List.of(arguments), Map.of(), stream(out), stream(err));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Ran print(Report report, boolean json) {
    var out = new ByteArrayOutputStream();
    var code = DoctorCommand.print(report, json, stream(out));
    return new Ran(code, out.toString(StandardCharsets.UTF_8), "");
  }

  private static PrintStream stream(ByteArrayOutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
