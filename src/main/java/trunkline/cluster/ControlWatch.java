package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.Step;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Looks whether the rows that everything reads are what they were, and says what mends them.
final class ControlWatch implements Sweep {
  private final ControlRows rows;
  private final EventSink events;

  ControlWatch(ControlRows rows, EventSink events) {
    this.rows = rows;
    this.events = events;
  }

  @Override
  public String name() {
    return "control";
  }

  @Override
  public Duration cadence() {
    return Duration.ofSeconds(5);
  }

  /// Says it with each run, for as long as it lasts.
  @Override
  public Step run(int rowsMax) {
    rows.faults().forEach(fault -> events.emit(new ServerEvent.ControlUnfit(fault.sentence())));
    return Step.whole(0);
  }
}
