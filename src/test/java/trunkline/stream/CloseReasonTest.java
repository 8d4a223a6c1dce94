package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import trunkline.session.CallId;
import trunkline.store.StatementRefused;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.telemetry.ServerEvent.StreamOpened;
import trunkline.testing.Json;
import trunkline.testing.TestDatabase;

/// Requirement C5: however a stream closes, the table, the event, the counter and whoever LISTENs
/// tell the same story.
@Timeout(60)
class CloseReasonTest {
  private final TestDatabase db;

  CloseReasonTest(TestDatabase db) {
    this.db = db;
  }

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void a_close_is_one_story(CloseReason reason) throws Exception {
    try (var listener = db.open();
        var bench = new HolderBench(db)) {
      TestDatabase.run(listener, "listen trunkline_connections");

      var held = close(bench, reason);

      var closed =
          bench.events.await(StreamClosed.class, event -> event.stream() == held.stream().value());
      assertThat(closed)
          .isEqualTo(
              new StreamClosed(
                  bench.self.value(),
                  held.session().value(),
                  held.stream().value(),
                  held.epoch(),
                  reason.wire()));
      assertThat(bench.meters.scrape().orElseThrow())
          .contains("trunkline_streams_closed_total{reason=\"%s\"} 1.0".formatted(reason.wire()));
      assertThat(heard(listener.unwrap(PGConnection.class), held))
          .containsExactly("opened ", "closed " + reason.wire());
      db.await(
          reason == CloseReason.TAKEN_OVER
              ? row(held, held.epoch() + 1, "holder_instance is not null and close_reason is null")
              : row(
                  held,
                  held.epoch(),
                  "holder_instance is null and closed_at is not null and close_reason = '"
                      + reason.wire()
                      + "'"),
          HolderBench.PATIENCE);
      assertThat(bench.events.all(StreamOpened.class))
          .filteredOn(event -> event.epoch() == held.epoch())
          .hasSize(1);
    }
  }

  @Test
  void what_an_instance_held_that_has_left_is_drained() throws Exception {
    try (var bench = new HolderBench(db)) {
      var held = bench.granted(null);
      gone(bench, "left_at");

      bench.streams.sweeps().releaseLost(10);

      assertThat(bench.events.await(StreamClosed.class).reason()).isEqualTo("drained");
      db.await(row(held, held.epoch(), "close_reason = 'drained'"), HolderBench.PATIENCE);
    }
  }

  @Test
  void all_is_looked_through_when_somebody_went_and_then_not_before_another_goes()
      throws Exception {
    try (var bench = new HolderBench(db)) {
      var sweeps = bench.streams.sweeps();
      assertThat(sweeps.mayBeLost(latestGone())).as("nobody has looked yet").isTrue();
      passed(bench);
      assertThat(sweeps.mayBeLost(latestGone())).isFalse();

      var held = bench.granted(null);
      gone(bench, "left_at");

      assertThat(sweeps.mayBeLost(latestGone())).isTrue();
      passed(bench);
      db.await(row(held, held.epoch(), "close_reason = 'drained'"), HolderBench.PATIENCE);
      assertThat(sweeps.mayBeLost(latestGone())).isFalse();
    }
  }

  /// Until a pass has begun and ended since.
  private void passed(HolderBench bench) {
    for (int look = 0; look < 3; look++) {
      bench.streams.sweeps().releaseLost(10);
    }
  }

  private Optional<Instant> latestGone() {
    var micros =
        db.sql(
                """
                select (extract(epoch from max(coalesce(dead_at, left_at))) * 1000000)::bigint from trunkline.instances
                """)
            .value();
    return Optional.ofNullable((Long) micros).map(at -> Instant.EPOCH.plus(at, ChronoUnit.MICROS));
  }

  private ClaimedStream close(HolderBench bench, CloseReason reason) throws Exception {
    var streams = bench.streams;
    return switch (reason) {
      case ENDED -> {
        var call = bench.call();
        var held = bench.granted(new EventId(call, 0, 0));
        var _ = bench.follow(held);
        streams.writer(held.session(), call, 1).answer(new CallId(0), bytes("end"), true).join();
        yield held;
      }
      case TAKEN_OVER -> {
        var held = followed(bench);
        var _ = bench.granted(null);
        yield held;
      }
      case CLIENT_LEFT, SLOW -> {
        var held = bench.granted(null);
        bench
            .follow(held)
            .leave(reason == CloseReason.SLOW ? ClientGone.Cause.SLOW : ClientGone.Cause.LEFT);
        bench.send("x");
        yield held;
      }
      case DATABASE_AWAY -> {
        db.sql("update trunkline.streams set trimmed_through = 7 where standalone");
        var held = bench.granted(null);
        var _ =
            bench.follow(
                held,
                () -> {
                  throw new StatementRefused("no", new SQLException("no"));
                });
        yield held;
      }
      case DRAINED -> {
        var held = followed(bench);
        streams.closeConnections();
        yield held;
      }
      case RELEASED -> {
        var call = bench.call();
        db.sql(
            "update trunkline.streams set holder_epoch = 1, holder_instance = ? where stream_id = ?",
            bench.self.value(),
            call.value());
        var held = ClaimedStream.opened(bench.session.key(), call, true);
        var _ = Reader.of(streams.feed(held, (BooleanSupplier) () -> true));
        yield held;
      }
      case ABANDONED -> {
        var held = bench.granted(null);
        assertThat(streams.sweeps().releaseUnheld(10)).isZero();
        assertThat(streams.sweeps().releaseUnheld(10)).isOne();
        yield held;
      }
      case FENCED -> {
        var held = bench.granted(null);
        gone(bench, "dead_at");
        assertThat(streams.sweeps().releaseLost(10)).isOne();
        yield held;
      }
      case MIGRATED -> {
        var held = followed(bench);
        db.sql(
            "insert into trunkline.stream_moves (stream_id, holder_epoch, to_instance) values (?, ?, 9)",
            held.stream().value(),
            held.epoch());
        assertThat(streams.sweeps().moveAway()).isOne();
        assertThat(streams.sweeps().moveAway()).isZero();
        yield held;
      }
    };
  }

  private static ClaimedStream followed(HolderBench bench) throws InterruptedException {
    var held = bench.granted(null);
    var reader = bench.follow(held);
    bench.send("x");
    assertThat(reader.await(1)).hasSize(1);
    return held;
  }

  private void gone(HolderBench bench, String how) {
    db.sql(
        "update trunkline.instances set " + how + " = clock_timestamp() where instance_id = ?",
        bench.self.value());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String row(ClaimedStream held, long epoch, String truth) {
    return "exists (select from trunkline.streams where stream_id = %d and holder_epoch = %d and %s)"
        .formatted(held.stream().value(), epoch, truth);
  }

  private static List<String> heard(PGConnection listener, ClaimedStream held) throws SQLException {
    var story = new ArrayList<String>();
    var until = System.nanoTime() + HolderBench.PATIENCE.toNanos();
    while (story.size() < 2 && System.nanoTime() - until < 0) {
      for (var heard :
          Objects.requireNonNullElse(listener.getNotifications(100), new PGNotification[0])) {
        var json = Json.of(heard.getParameter());
        if (json.path("stream").asLong() == held.stream().value()
            && json.path("epoch").asLong() == held.epoch()) {
          story.add(json.path("event").asString() + " " + json.path("reason").asString());
        }
      }
    }
    return story;
  }
}
