package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import trunkline.session.StreamId;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.PublishLane.Handed;
import trunkline.stream.WaitingStreams.Doubt;

class WaitingStreamsTest {
  private static final StreamId X = new StreamId(1);
  private static final StreamId Y = new StreamId(2);

  private static final int MANY = 1_000_000;

  private final WaitingStreams busy = new WaitingStreams();

  private static List<Handed> handed(StreamId stream, String... texts) {
    return Arrays.stream(texts)
        .map(text -> new Handed(StoreBench.message(stream, text), new CompletableFuture<>(), 0))
        .toList();
  }

  /// Goal: a stream's order survives any number of refusals (S15). Method: some of what waits is
  /// tried again and meets the lock once more, while newer messages wait already.
  @Test
  void what_is_set_aside_again_goes_before_what_waits() {
    var all = handed(X, "1", "2", "3", "4");
    busy.setAside(all.subList(0, 3), Set.of(X));
    assertThat(busy.add(all.get(3))).isTrue();

    var tried = busy.release(Set.of(), 2, MANY);
    busy.setAside(tried, Set.of(X));

    assertThat(tried).isEqualTo(all.subList(0, 2));
    assertThat(busy.release(Set.of(), 10, MANY)).isEqualTo(all);
    assertThat(busy.isEmpty()).isTrue();
  }

  /// Goal: what waited for a lock is not sent as one batch of any size.
  @Test
  void what_is_released_is_bounded_in_bytes_and_keeps_its_order() {
    var all = handed(X, "1", "2", "3", "4");
    busy.setAside(all, Set.of(X));
    var one = all.getFirst().message().bytes();

    assertThat(busy.release(Set.of(), 10, one + 1)).isEqualTo(all.subList(0, 2));
    assertThat(busy.release(Set.of(), 10, one)).isEqualTo(all.subList(2, 3));
    assertThat(busy.release(Set.of(), 10, MANY)).isEqualTo(all.subList(3, 4));
    assertThat(busy.isEmpty()).isTrue();
  }

  @Test
  void only_what_is_locked_is_set_aside_and_only_what_is_free_is_released() {
    var x = handed(X, "x").getFirst();
    var y = handed(Y, "y").getFirst();

    assertThat(busy.setAside(List.of(x, y), Set.of(X))).containsExactly(y);

    assertThat(busy.add(y)).isFalse();
    assertThat(busy.release(Set.of(X), 10, MANY)).isEmpty();
    assertThat(busy.release(Set.of(Y), 10, MANY)).containsExactly(x);
  }

  /// Goal: a stream's order survives a doubt. Method: messages come while the batch is in doubt;
  /// then it turns out that nothing of it is stored.
  @Test
  void a_batch_that_is_not_stored_goes_before_what_came_meanwhile() {
    var all = handed(X, "1", "2", "3");
    var doubt =
        Doubt.begun(new BatchKey(1, 1, 0), all.subList(0, 2), new IllegalStateException(), 0);
    busy.begin(doubt);

    assertThat(busy.add(all.get(2))).isTrue();
    assertThat(busy.locked()).isEmpty();
    assertThat(busy.release(Set.of(), 10, MANY)).isEmpty();
    busy.sendAgain(doubt);

    assertThat(busy.release(Set.of(), 10, MANY)).isEqualTo(all);
    assertThat(busy.isEmpty()).isTrue();
  }

  @Test
  void a_stored_batch_makes_room_for_what_came_meanwhile() {
    var all = handed(X, "1", "2");
    var doubt =
        Doubt.begun(new BatchKey(1, 1, 0), all.subList(0, 1), new IllegalStateException(), 0);
    busy.begin(doubt);
    assertThat(busy.add(all.get(1))).isTrue();

    busy.end(doubt);

    assertThat(busy.release(Set.of(), 10, MANY)).isEqualTo(all.subList(1, 2));
    assertThat(busy.isEmpty()).isTrue();
    assertThat(busy.hasDoubts()).isFalse();
  }

  /// Goal: of messages that are sent one by one, those behind one that waits keep their places.
  @Test
  void what_is_put_behind_one_in_doubt_goes_before_what_came_later() {
    var all = handed(X, "1", "2", "3");
    var doubt =
        Doubt.begun(new BatchKey(1, 1, 0), all.subList(0, 1), new IllegalStateException(), 0);
    busy.begin(doubt);
    assertThat(busy.add(all.get(2))).isTrue();
    assertThat(busy.holds(all.get(0))).isTrue();

    busy.putBehind(all.get(0), all.subList(1, 2));
    busy.sendAgain(doubt);

    assertThat(busy.release(Set.of(), 10, MANY)).isEqualTo(all);
  }
}
