package trunkline.stream;

import java.time.Duration;
import java.util.function.Supplier;
import trunkline.announcement.AnnouncementPage;
import trunkline.memory.MemoryBudget;
import trunkline.session.SessionKey;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Waking;
import trunkline.simulation.MemoryDatabase;
import trunkline.stream.Streams.Tables;
import trunkline.telemetry.EventSink;

/// The product's streams over tables in memory.
public final class SimulatedStreams {
  private SimulatedStreams() {}

  /// The announcements for a session after its cursor.
  public interface Announced {
    AnnouncementPage after(long cursor, SessionKey session, int max);
  }

  /// The streams of one instance.
  ///
  /// @param pageRows messages of a page: few, so that pages end in the middle
  public static Streams over(
      MemoryDatabase database,
      int pageRows,
      Doorbells doorbells,
      Waking waking,
      Announced announced,
      Supplier<InstanceId> instance,
      StreamPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    return new Streams(
        new Tables(
            new MemoryMessages(database, pageRows, 256 * 1024),
            new MemoryStreams(database),
            new MemorySlots(database)),
        doorbells,
        waking,
        announced::after,
        instance,
        policy,
        memory,
        events);
  }

  /// Limits under which slots move on so often.
  public static StreamPolicy policy(int historyMessagesMax, Duration historyAgeMax) {
    return StreamPolicy.of(historyMessagesMax, historyAgeMax, false, 100, 3, 4 << 20);
  }
}
