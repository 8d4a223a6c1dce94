package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import trunkline.session.StreamId;
import trunkline.stream.PublishLane.Handed;

class LockedStreamsTest {
  private static final StreamId X = new StreamId(1);
  private static final StreamId Y = new StreamId(2);

  private final LockedStreams busy = new LockedStreams();

  private static List<Handed> handed(StreamId stream, String... texts) {
    return Arrays.stream(texts)
        .map(text -> new Handed(Bench.message(stream, text), new CompletableFuture<>(), 0))
        .toList();
  }

  /// Goal: a stream's order survives any number of refusals (S15). Method: some of what waits is
  /// tried again and meets the lock once more, while newer messages wait already.
  @Test
  void what_is_set_aside_again_goes_before_what_waits() {
    var all = handed(X, "1", "2", "3", "4");
    busy.setAside(all.subList(0, 3), Set.of(X));
    assertThat(busy.add(all.get(3))).isTrue();

    var tried = busy.release(Set.of(), 2);
    busy.setAside(tried, Set.of(X));

    assertThat(tried).isEqualTo(all.subList(0, 2));
    assertThat(busy.release(Set.of(), 10)).isEqualTo(all);
    assertThat(busy.isEmpty()).isTrue();
  }

  @Test
  void only_what_is_locked_is_set_aside_and_only_what_is_free_is_released() {
    var x = handed(X, "x").getFirst();
    var y = handed(Y, "y").getFirst();

    assertThat(busy.setAside(List.of(x, y), Set.of(X))).containsExactly(y);

    assertThat(busy.add(y)).isFalse();
    assertThat(busy.release(Set.of(X), 10)).isEmpty();
    assertThat(busy.release(Set.of(Y), 10)).containsExactly(x);
  }
}
