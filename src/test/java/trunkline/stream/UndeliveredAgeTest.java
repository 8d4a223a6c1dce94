package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

/// Goal: the age of what waits is its age, for as long as it waits and no longer. Method: a reader
/// that is stuck while a message of its stream lies there for a minute.
class UndeliveredAgeTest {
  private final EventLog events = new EventLog();
  private final Followers followers = new Followers(5);
  private final Bench bench;
  private final MessageStore messages;
  private final CurrentSlot slot;
  private final ReadLanes lanes;
  private final MissedNews news;

  UndeliveredAgeTest(TestDatabase db) {
    this.bench = new Bench(db);
    this.messages = new MessageRows(bench.database);
    this.slot = new CurrentSlot(messages);
    this.lanes = new ReadLanes(messages, slot);
    this.news = new MissedNews(messages, slot, followers, events);
  }

  /// A reader on the thread of the test that has not begun to read.
  private Follower reader(WakeFlags bell) {
    var stream = bench.standalone;
    var claimed =
        new ClaimedStream(
            bench.session,
            stream,
            true,
            0,
            new EventId(stream, 0, 0),
            null,
            ClaimedStream.UNKNOWN,
            true,
            false);
    var reader = new Follower(claimed, lanes, null, List::of, bell, events);
    followers.add(reader);
    return reader;
  }

  @AfterEach
  void end() {
    lanes.close();
    bench.close();
  }

  private void aMessageIsAMinuteOld() {
    messages.publish(bench.key(), List.of(StoreBench.message(bench.standalone, "m")));
    bench.db.sql(
        "update trunkline.outbound_messages set created_at = now() - interval '1 minute' where stream_id = ?",
        bench.standalone.value());
  }

  @Test
  void it_grows_until_the_message_is_delivered() throws InterruptedException {
    var bell = new WakeFlags(Thread.currentThread());
    var follower = reader(bell);
    news.poll();
    assertThat(news.oldestSeconds()).isZero();
    aMessageIsAMinuteOld();

    news.poll();
    var once = news.oldestSeconds();
    var later = news.oldestSeconds();
    assertThat(once).isBetween(60.0, 90.0);
    assertThat(later).as("without another look").isGreaterThan(once);

    bell.ring(WakeFlags.RELEASE);
    follower.run(new FollowerTest.Client(), Duration.ofSeconds(1));
    assertThat(news.oldestSeconds()).as("delivered").isZero();
  }

  @Test
  void what_nobody_is_here_to_take_does_not_count() {
    var follower = reader(new WakeFlags(Thread.currentThread()));
    aMessageIsAMinuteOld();
    news.poll();
    assertThat(news.oldestSeconds()).isGreaterThan(50);

    followers.remove(follower);

    assertThat(news.oldestSeconds()).isZero();
  }
}
