package trunkline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.testing.Program;
import trunkline.testing.TestDatabase;

/// The benchmark measures what it says, and fails where the product is wrong.
class BenchTest {
  private static final String TWO_ANSWERS =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
          + "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n"
          + "HTTP/1.1 202 Accepted\r\ncontent-length:0\r\n\r\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 30, 1_000})
  void answers_are_told_apart_however_they_arrive(int piece) {
    var responses = new Responses();
    var heard = new ArrayList<String>();
    var answer =
        new Answer() {
          private final ByteArrayOutputStream body = new ByteArrayOutputStream();

          @Override
          public void body(ByteBuffer part) {
            while (part.hasRemaining()) {
              body.write(part.get());
            }
          }

          @Override
          public void end(int status) {
            heard.add(status + " " + body.toString(UTF_8));
            body.reset();
          }
        };
    var bytes = TWO_ANSWERS.getBytes(UTF_8);
    for (var at = 0; at < bytes.length; at += piece) {
      responses.read(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)), answer);
    }

    assertThat(heard).containsExactly("200 hello", "404 abc0123456789", "202 ");
  }

  @Test
  void what_counts_is_the_median_of_the_rounds_ratios() {
    var row = new OneRow(Target.atLeast(0.5));
    var result =
        new Result(row, List.of(Round.of(100, 60), Round.of(10, 4), Round.of(1000, 550)), "");

    assertThat(result.judged()).isEqualTo(0.55);
    assertThat(result.isMet()).isTrue();
    assertThat(Table.line(result))
        .contains("0.55", "0.40 to 0.60", "≥ 0.50", "met")
        .doesNotContain("missed");
    assertThat(Table.json(List.of(result))).contains("\"judged\" : 0.55");
  }

  @Test
  void quantiles_are_those_of_all_samples() {
    var samples = new Samples();
    for (var each = 10_000; each > 0; each--) {
      samples.add(each * 1_000L);
    }
    var more = new Samples();
    more.addAll(samples);
    more.addAll(samples);

    assertThat(more.size()).isEqualTo(20_000);
    assertThat(more.micros(0.5)).isEqualTo(5_001);
    assertThat(more.micros(0.99)).isEqualTo(9_901);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fast",
        "--only=nothing",
        "--only",
        "--json=",
        "--database-url=postgres://x",
        "--database-url=jdbc:postgresql:bench",
        "--database-url=jdbc:postgresql://localhost/?ssl=true"
      })
  void what_is_not_understood_is_named(String argument) {
    assertThatThrownBy(() -> Order.of(List.of("bench", argument)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(argument.split("=", -1)[0]);
    var err = new ByteArrayOutputStream();

    var code =
        Program.run(
            List.of("bench", argument), Main::read, System.out, new PrintStream(err, true, UTF_8));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString(UTF_8)).hasLineCount(1).startsWith("trunkline: ");
  }

  /// A row starts its servers itself, each a process, hence a test each.
  @ParameterizedTest
  @MethodSource
  @Tag("cluster")
  void every_row_of_calls_is_measured_on_real_processes(Function<Effort, Row> kind)
      throws Exception {
    try (var database = TestDatabase.create();
        var stage = Stage.on(database.url(), database.user(), database.password());
        var trial =
            kind.apply(new Effort(1, Duration.ofMillis(200), Duration.ofMillis(200)))
                .prepare(stage)) {
      var round = trial.round();

      assertThat(round.floor()).isPositive();
      assertThat(round.product()).isPositive();
    }
  }

  private static Stream<Named<Function<Effort, Row>>>
      every_row_of_calls_is_measured_on_real_processes() {
    return Stream.of(
        Named.of("stateless calls", ManyCalls::stateless),
        Named.of("stateful calls", ManyCalls::stateful),
        Named.of("one call at a time", LoneCalls::new),
        Named.of("initializations", Initializations::new));
  }

  @Test
  @Tag("cluster")
  void what_is_not_the_right_answer_or_no_stream_any_more_fails_its_row() throws Exception {
    try (var database = TestDatabase.create();
        var stage = Stage.on(database.url(), database.user(), database.password())) {
      var bare = stage.bareServer();
      var servers = List.of(bare.address());
      try (var calls = new Calls(servers, List.of(Requests.statelessEcho()), 7);
          var streams = new OpenedStreams(bare.address())) {
        assertThatThrownBy(() -> calls.play(Duration.ofMillis(1)))
            .hasMessageContaining("bytes instead of 7");

        var _ = streams.open(List.of("one", "two"));
        streams.requireOpen();
        stage.endServers();

        assertThatThrownBy(streams::requireOpen).hasMessageContaining("a stream was lost");
      }
    }
  }

  @Test
  @Tag("cluster")
  void what_was_made_beside_a_given_database_is_dropped() throws Exception {
    try (var database = TestDatabase.create();
        var stage = Stage.on(database.url(), database.user(), database.password())) {
      var name = "bench_test_" + ProcessHandle.current().pid();
      try (var benchmark = Stage.on(database.url(), database.user(), database.password())) {
        try (var own = benchmark.sibling("bench_test").connect()) {
          assertThat(own.isValid(5)).isTrue();
          assertThat(databases(stage)).contains(name);
        }
      }

      assertThat(databases(stage)).doesNotContain(name);
    }
  }

  private static List<String> databases(Stage stage) throws SQLException {
    var names = new ArrayList<String>();
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select datname from pg_database")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  @Timeout(30)
  void whoever_waits_too_long_for_an_answer_hears_of_it() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var wire = Wire.to((InetSocketAddress) silent.getLocalSocketAddress());
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = clients.submit(() -> Text.of(wire, Requests.statelessEcho()));
      while (!asked.isDone()) {
        wire.closeIfOverdue(System.nanoTime(), 0);
        Thread.onSpinWait();
      }

      assertThatThrownBy(asked::get).hasMessageContaining("no answer within");
    }
  }

  private record OneRow(Target target) implements Row {
    @Override
    public String word() {
      return "one";
    }

    @Override
    public String title() {
      return "something";
    }

    @Override
    public String floor() {
      return "nothing";
    }

    @Override
    public String unit() {
      return "things/s";
    }

    @Override
    public Trial prepare(Stage stage) {
      throw new AssertionError("its rounds are given");
    }
  }
}
