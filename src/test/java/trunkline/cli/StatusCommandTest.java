package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.config.Refusal;
import trunkline.status.Rates;
import trunkline.status.Status;
import trunkline.status.Status.Backlog;
import trunkline.status.Status.Counters;
import trunkline.status.Status.Living;
import trunkline.status.Status.Space;
import trunkline.status.Status.Streams;
import trunkline.status.Status.Waiting;
import trunkline.testing.Json;
import trunkline.testing.TestDatabase;

class StatusCommandTest {
  private static final Living ONE =
      new Living(1, "ready", "http://a", "1.0", "notify", 1, 300, 12, Optional.of(3L));
  private static final Living TWO =
      new Living(2, "silent", "http://b", "1.0", "polling", 30, 9_000, 0, Optional.of(0L));

  private static final Status FULL =
      new Status(
          Instant.parse("2026-11-29T07:00:00Z"),
          Optional.of(List.of(ONE, TWO)),
          Optional.of(40L),
          Optional.of(new Streams(12, 3)),
          Optional.of(new Waiting(3, 20)),
          Optional.of(new Waiting(0, 0)),
          Optional.of(new TreeMap<>(Map.of("completed", 4L, "working", 1L))),
          Optional.of(new Waiting(1, 500)),
          Optional.of(new Waiting(0, 0)),
          Optional.of(new Backlog(5, 70)),
          Optional.of(new Space(List.of(16_000L, 48_000_000L), Optional.of(1), 60_000_000_000L)),
          Optional.of(new Counters(1, 2, 3)),
          Map.of());

  private static final Status PARTIAL =
      new Status(
          Instant.parse("2026-11-29T07:00:00Z"),
          Optional.of(List.of()),
          Optional.of(0L),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(Map.of()),
          Optional.of(new Waiting(0, 0)),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of("calls", "the role may not see it"));

  @Test
  void people_read_a_table_of_instances_and_a_line_a_kind() {
    assertThat(printed(FULL, Optional.of(new Rates(10.25, 0, 99)), false))
        .isEqualTo(
            """
             instance | state  |   url    | version |  wake   | beat |  up   | streams | calls
            ----------+--------+----------+---------+---------+------+-------+---------+-------
                    1 | ready  | http://a | 1.0     | notify  |  1 s | 5 min |      12 |     3
                    2 | silent | http://b | 1.0     | polling | 30 s |   2 h |       0 |     0
            (2 rows)

            sessions   40 living
            streams    12 with a client, 3 of calls that are not answered
            calls      3, the oldest for 20 s
            questions  0
            tasks      4 completed, 1 working
            outbox     0
            backlog    5 messages for clients that are connected, 70 for others
            oldest     a task, for 500 s
            slots      16 kB, 48 MB (written)
            in all     60 GB
            a second   10.3 messages, 0.0 announcements, 99 transactions
            faults     instance 2 is silent for 30 s
            """);
  }

  @Test
  void what_the_role_may_not_see_is_a_question_mark_with_its_reason() {
    assertThat(printed(PARTIAL, Optional.empty(), false))
        .contains("calls      ?\n", "no calls   the role may not see it\n", "no instance is ready");
  }

  @Test
  void machines_read_an_object_of_a_form_that_stays() {
    assertThat(printed(FULL, Optional.of(new Rates(10.5, 0, 99)), true))
        .isEqualTo(
            """
            {"at":"2026-11-29T07:00:00Z","instances":[\
            {"id":1,"state":"ready","url":"http://a","version":"1.0","wake_mode":"notify","beat_seconds":1,"started_seconds":300,"streams":12,"calls":3},\
            {"id":2,"state":"silent","url":"http://b","version":"1.0","wake_mode":"polling","beat_seconds":30,"started_seconds":9000,"streams":0,"calls":0}],\
            "sessions":40,"streams":{"held":12,"unfinished":3},"calls":{"number":3,"oldest_seconds":20},\
            "questions":{"number":0,"oldest_seconds":0},"tasks":{"completed":4,"working":1},\
            "unfinished_tasks":{"number":1,"oldest_seconds":500},"outbox":{"number":0,"oldest_seconds":0},\
            "backlog":{"connected":5,"away":70},"space":{"slots":[16000,48000000],"current_slot":1,"total":60000000000},\
            "per_second":{"messages":10.5,"announcements":0.0,"transactions":99.0},\
            "faults":["instance 2 is silent for 30 s"],"missing":{}}
            """);
    assertThat(printed(PARTIAL, Optional.empty(), true))
        .isEqualTo(
            """
            {"at":"2026-11-29T07:00:00Z","instances":[],"sessions":0,"tasks":{},"unfinished_tasks":{"number":0,"oldest_seconds":0},\
            "faults":["no instance is ready"],"missing":{"calls":"the role may not see it"}}
            """);
  }

  @Test
  void it_looks_at_the_database_that_the_options_name(TestDatabase db) {
    var out = new ByteArrayOutputStream();
    var code =
        Main.run(
            List.of(
                "status",
                "--json",
                "--database-url",
                db.url(),
                "--database-user",
                db.user(),
                "--database-password",
                db.password()),
            Map.of(),
            stream(out),
            stream(out));

    assertThat(code).isZero();
    var status = Json.of(out.toString(StandardCharsets.UTF_8));
    assertThat(status.path("sessions").asInt(-1)).isZero();
    assertThat(status.path("missing").size()).isZero();
  }

  @Test
  void how_often_is_said_in_seconds() {
    assertThat(StatusCommand.pause(parsed("status"))).isEmpty();
    assertThat(StatusCommand.pause(parsed("status", "--watch"))).hasValue(Duration.ofSeconds(2));
    assertThat(StatusCommand.pause(parsed("status", "--watch=30", "--json")))
        .hasValue(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--watch=0", "--watch=-1", "--watch=x", "--watch=86401", "--watch=9999999999"})
  void a_pause_that_is_none_is_refused(String option) {
    assertThatThrownBy(() -> StatusCommand.pause(parsed("status", option)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--watch=5");
  }

  private static CommandLine.Run parsed(String... arguments) {
    return (CommandLine.Run) CommandLine.parse(List.of(arguments));
  }

  private static String printed(Status status, Optional<Rates> rates, boolean json) {
    var out = new ByteArrayOutputStream();
    StatusCommand.print(status, rates, json, stream(out));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
