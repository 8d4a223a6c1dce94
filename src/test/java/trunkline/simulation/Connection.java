package trunkline.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.stream.ClientGone;
import trunkline.stream.EventId;
import trunkline.stream.Outlet;

/// A client's GET, or the answer of its POST: what is flushed has arrived, unless its client is
/// gone; then the first write still goes into the socket and is lost.
final class Connection implements Outlet {
  private static final long QUIET_NANOS = 800_000_000L;

  final Reader reader;
  final Node node;
  final @Nullable EventId from;
  final int number;
  final long openedNanos;
  private final World world;
  private final List<Frame> frames = new ArrayList<>();
  private Runnable ring = () -> {};
  private long writtenNanos;
  private boolean swallowed;
  boolean gone;
  boolean closed;
  boolean granted;
  long grantedNanos;
  long heardThrough;
  String refusal = "";

  /// @param payload empty for an event that only carries its id
  @SuppressWarnings("ArrayRecordComponent")
  private record Frame(String id, byte @Nullable [] payload) {}

  Connection(World world, Reader reader, Node node, @Nullable EventId from, int number) {
    this.world = world;
    this.reader = reader;
    this.node = node;
    this.from = from;
    this.number = number;
    this.openedNanos = world.schedule.nanos();
    this.writtenNanos = openedNanos;
  }

  void ringQuiet() {
    ring.run();
  }

  @Override
  public void prime(String eventId, Duration retry) {
    frames.add(new Frame(eventId, null));
  }

  @Override
  public void cursor(String eventId) {
    frames.add(new Frame(eventId, null));
  }

  @Override
  public void message(@Nullable String eventId, byte[] payload) {
    frames.add(new Frame(String.valueOf(eventId), payload));
  }

  @Override
  public void comment() {}

  @Override
  public void hint(InstanceId instance) {}

  @Override
  public void retry(Duration wait) {}

  @Override
  public void flush() {
    writtenNanos = world.schedule.nanos();
    if (gone && swallowed) {
      frames.clear();
      throw new ClientGone(ClientGone.Cause.LEFT, new IllegalStateException("reset"));
    }
    swallowed |= gone;
    if (!gone && !frames.isEmpty() && world.storm.hasStoppedSince(openedNanos)) {
      world.reached(Situation.S6);
    }
    for (var frame : frames) {
      if (gone) {
        reader.swallowed(frame.payload());
      } else {
        reader.received(this, frame.id(), frame.payload());
      }
    }
    frames.clear();
  }

  @Override
  public boolean isOpen() {
    return !gone;
  }

  @Override
  public void whenQuiet(Runnable rung) {
    ring = rung;
  }

  @Override
  public boolean isQuiet() {
    return world.schedule.nanos() - writtenNanos > QUIET_NANOS;
  }

  @Override
  public String toString() {
    return "connection " + number + " of " + reader;
  }
}
