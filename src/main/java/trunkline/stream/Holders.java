package trunkline.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waking;
import trunkline.stream.MessageStore.BatchAnswer.HeldBy;

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
    wake(List.of(new HeldBy(stream, holder, epoch)), false);
  }

  /// All of a batch: each instance is told once, and those elsewhere first, since their way is
  /// longer.
  ///
  /// @param fromHere whether the calling thread has the time to do it all
  void wake(List<HeldBy> held, boolean fromHere) {
    var here = self.get();
    var elsewhere = new HashMap<InstanceId, List<Wake>>();
    for (var one : held) {
      if (!one.instance().equals(here)) {
        elsewhere
            .computeIfAbsent(one.instance(), _ -> new ArrayList<>())
            .add(new Wake(Topic.STREAM, one.stream().value()));
      }
    }
    elsewhere.forEach((instance, wakes) -> {
      if (fromHere) {
        waker.wakeFromHere(instance, wakes);
      } else {
        waker.wake(instance, wakes);
      }
    });
    for (var one : held) {
      if (one.instance().equals(here)) {
        followers.ring(one.stream(), one.epoch());
      }
    }
  }

  /// Wakes whoever follows the stream, on any instance and under any epoch.
  void wakeAll(StreamId stream) {
    waker.wakeAll(new Wake(Topic.STREAM, stream.value()));
  }
}
