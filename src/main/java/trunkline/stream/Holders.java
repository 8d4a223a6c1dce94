package trunkline.stream;

import java.util.List;
import java.util.function.Supplier;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waking;

/// Wakes the holders of streams, here or elsewhere. A hint: each finds out by itself too, when it
/// next reads.
final class Holders {
  private final Supplier<InstanceId> self;
  private final Followers followers;
  private final Waking waker;

  Holders(Supplier<InstanceId> self, Followers followers, Waking waker) {
    this.self = self;
    this.followers = followers;
    this.waker = waker;
  }

  /// @param epoch under which the holder claimed the stream
  void wake(InstanceId holder, StreamId stream, long epoch) {
    if (holder.equals(self.get())) {
      followers.ring(stream, epoch);
    } else {
      waker.wake(holder, List.of(new Wake(Topic.STREAM, stream.value())));
    }
  }

  /// Wakes whoever follows the stream, on any instance and under any epoch.
  void wakeAll(StreamId stream) {
    waker.wakeAll(new Wake(Topic.STREAM, stream.value()));
  }
}
