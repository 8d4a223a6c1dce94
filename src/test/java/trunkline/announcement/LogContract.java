package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.session.SessionKey;

/// What the log of announcements owes its reader, whatever it is made of. What a session is told of
/// it the product's reader makes of this alone, also in the simulation.
abstract class LogContract {
  private static final SessionKey SOMEBODY = new SessionKey(4711);

  private final LogBench bench;

  LogContract(LogBench bench) {
    this.bench = bench;
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private LogReader.Log log() {
    return bench.log();
  }

  private LogPage concerning(long cursor, long upTo, int rowsMax) {
    return log().concerning(SOMEBODY, cursor, upTo, rowsMax).join();
  }

  private static List<String> texts(LogPage page) {
    return page.entries().stream().map(entry -> new String(entry.payload(), UTF_8)).toList();
  }

  @Test
  void nothing_was_announced() {
    assertThat(log().newest()).isZero();
    assertThat(log().after(0, 10)).isEqualTo(new LogPage(List.of(), List.of(), 0, 0, 0, false));
  }

  @Test
  void what_was_announced_is_read_in_order_after_the_cursor() {
    var one = bench.announce("one");
    var two = bench.announce("two");
    var page = log().after(0, 10);

    assertThat(two).isGreaterThan(one).isEqualTo(log().newest());
    assertThat(texts(page)).containsExactly("one", "two");
    assertThat(page.entries()).extracting(Announcement::id).containsExactly(one, two);
    assertThat(page.through()).isEqualTo(two).isEqualTo(page.newest());
    assertThat(page.more()).isFalse();
    assertThat(texts(log().after(one, 10))).containsExactly("two");
    assertThat(log().after(two, 10).through()).as("where it was").isEqualTo(two);
  }

  @Test
  void a_full_page_says_that_there_may_be_more_and_where_the_log_ends() {
    var one = bench.announce("one");
    var two = bench.announce("two");
    var page = log().after(0, 1);

    assertThat(texts(page)).containsExactly("one");
    assertThat(page.more()).isTrue();
    assertThat(page.through()).isEqualTo(one);
    assertThat(page.newest()).isEqualTo(two);
  }

  @Test
  void a_session_is_read_up_to_an_id() {
    var one = bench.announce("one");
    var two = bench.announce("two");
    bench.announce("three");
    var page = concerning(0, two, 10);

    assertThat(texts(page)).containsExactly("one", "two");
    assertThat(page.through()).isEqualTo(two).isEqualTo(page.newest());
    assertThat(page.more()).isFalse();
    assertThat(texts(concerning(one, two, 10))).containsExactly("two");
    assertThat(concerning(0, two, 1).more()).isTrue();
    assertThat(concerning(two, two, 10).entries()).isEmpty();
  }

  /// Its answer was lost.
  @Test
  void what_is_announced_again_under_its_key_is_there_once() {
    var id = bench.announceTwice("once");

    assertThat(texts(log().after(0, 10))).containsExactly("once");
    assertThat(id).isEqualTo(log().newest());
  }
}
