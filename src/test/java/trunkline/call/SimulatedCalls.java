package trunkline.call;

import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.signal.Waking;
import trunkline.simulation.MemoryDatabase;
import trunkline.stream.Streams;
import trunkline.telemetry.EventSink;

/// The product's streamed calls over tables in memory.
///
/// @param opening opens them
/// @param orphaned takes them over
public record SimulatedCalls(StreamedCalls opening, OrphanedCalls orphaned) {
  private static final int STREAMS_MAX = 100;

  public static SimulatedCalls over(
      MemoryDatabase database,
      Streams streams,
      Waking waking,
      Supplier<InstanceId> instance,
      EventSink events) {
    var store = new MemoryCalls(database);
    return new SimulatedCalls(
        new StreamedCalls(store, streams, waking, STREAMS_MAX, events),
        new OrphanedCalls(_ -> store, streams, instance, events));
  }
}
