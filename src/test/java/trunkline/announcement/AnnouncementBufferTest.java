package trunkline.announcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import trunkline.session.SessionKey;

class AnnouncementBufferTest {
  private static final SessionKey SESSION = new SessionKey(1);
  private static final AnnouncementPolicy POLICY =
      new AnnouncementPolicy(Duration.ofHours(1), 3, 300_000);

  private static List<Announcement> broadcasts(int bytes, long... ids) {
    return LongStream.of(ids)
        .mapToObj(
            id -> new Announcement(id, AnnouncementKind.BROADCAST, "", new byte[bytes], Set.of()))
        .toList();
  }

  private static List<Long> ids(AnnouncementPage news) {
    return news.entries().stream().map(Announcement::id).toList();
  }

  @Test
  void keeps_the_newest_and_knows_how_far_back_it_reaches() {
    var buffer = AnnouncementBuffer.startingAt(10).plus(broadcasts(1, 11, 15, 16, 20), 21, POLICY);

    assertThat(buffer.reachesBackTo(10)).isFalse();
    assertThat(buffer.reachesBackTo(11)).isTrue();
    assertThat(ids(buffer.after(11, SESSION, 10))).containsExactly(15L, 16L, 20L);
    assertThat(ids(buffer.after(17, SESSION, 10))).containsExactly(20L);
    assertThat(buffer.after(17, SESSION, 10).cursor()).isEqualTo(21);
  }

  @Test
  void is_bounded_in_bytes_as_well() {
    var buffer = AnnouncementBuffer.startingAt(0).plus(broadcasts(140_000, 1, 2, 3), 3, POLICY);

    assertThat(ids(buffer.after(1, SESSION, 10))).containsExactly(2L, 3L);
    assertThat(buffer.reachesBackTo(0)).isFalse();
  }

  @Test
  void gives_at_most_what_was_asked_for_and_says_that_there_is_more() {
    var buffer = AnnouncementBuffer.startingAt(0).plus(broadcasts(1, 1, 2, 3), 3, POLICY);

    var first = buffer.after(0, SESSION, 2);
    assertThat(ids(first)).containsExactly(1L, 2L);
    assertThat(first.more()).isTrue();

    var rest = buffer.after(first.cursor(), SESSION, 2);
    assertThat(ids(rest)).containsExactly(3L);
    assertThat(rest.more()).isFalse();
  }

  /// Goal: a resource with thousands of subscribers that is updated often does not fill the heap.
  @Test
  void counts_who_is_to_get_them() {
    var subscribers =
        LongStream.range(0, 4_000).mapToObj(SessionKey::new).collect(Collectors.toSet());
    var updates = broadcasts(1, 1, 2, 3).stream().map(entry -> entry.to(subscribers)).toList();

    var buffer = AnnouncementBuffer.startingAt(0).plus(updates, 3, POLICY);

    assertThat(buffer.entries()).extracting(Announcement::id).containsExactly(3L);
  }
}
