package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.announcement.AnnouncementKind;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.StatementRefused;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// S6: whatever a follower waits for, a short outage does not cost its client the connection.
@Timeout(60)
class FollowerOutageTest {
  private final TestDatabase db;

  FollowerOutageTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void a_follower_that_has_to_tell_a_gap_waits_for_the_database() throws Exception {
    try (var bench = new HolderBench(db)) {
      db.sql("update trunkline.streams set trimmed_through = 7 where standalone");
      var asked = new AtomicInteger();
      var notice = List.of("some are missing".getBytes(StandardCharsets.UTF_8));

      var reader =
          bench.follow(
              bench.granted(null),
              () -> {
                if (asked.incrementAndGet() < 3) {
                  throw new DatabaseUnavailable("away");
                }
                return notice;
              });

      assertThat(reader.await(1)).containsExactly("some are missing");
      assertThat(bench.events.count(StreamClosed.class)).isZero();
    }
  }

  /// Longer than the five seconds for which the log's lane repeats by itself.
  @Test
  void a_follower_behind_the_buffer_of_announcements_waits_for_the_database() throws Exception {
    try (var early = new HolderBench(db)) {
      early
          .announcements()
          .announce(AnnouncementKind.BROADCAST, "", "missed".getBytes(StandardCharsets.UTF_8))
          .join();
      try (var late = new HolderBench(db)) { // its buffer begins behind the announcement
        var held = ((Claim.Granted) late.streams.claim(early.session, null, true)).claimed();
        Reader reader;
        try (var _ =
            OpenTransaction.on(db, "lock table trunkline.announcements in access exclusive mode")) {
          reader = late.follow(held);
          assertThatThrownBy(
                  () -> late.events.await(StreamClosed.class, _ -> true, Duration.ofSeconds(8)))
              .isInstanceOf(AssertionError.class);
        }

        assertThat(reader.await(1)).containsExactly("missed");
      }
    }
  }

  /// Goal: a close says why. Method: the database refuses what the follower asks, and the client
  /// has left when it is to be told.
  @Test
  void a_client_that_left_before_it_was_sent_away_has_left() throws Exception {
    try (var bench = new HolderBench(db)) {
      db.sql("update trunkline.streams set trimmed_through = 7 where standalone");
      var client = new CompletableFuture<Reader>();

      client.complete(
          bench.follow(
              bench.granted(null),
              () -> {
                client.join().leave(ClientGone.Cause.LEFT);
                throw new StatementRefused("no", new IllegalStateException());
              }));

      assertThat(bench.events.await(StreamClosed.class).reason()).isEqualTo("client left");
    }
  }
}
