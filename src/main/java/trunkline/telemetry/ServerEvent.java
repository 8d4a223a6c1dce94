package trunkline.telemetry;

/// Something that happened, in plain values: ids, counts, durations and reasons, never payloads or
/// secrets. Sorted by the package that emits it; whoever needs an event adds its record here.
public sealed interface ServerEvent {

  // signal

  /// Listening on this instance's channels, and proven to hear: the canary came back.
  record ListenerConnected(int instance) implements ServerEvent {}

  /// Not hearing any more; polling fast until the listener is back.
  record ListenerLost(int instance, String reason, long retryMillis) implements ServerEvent {}

  /// How news arrives has changed, to `notify` or `polling`. The one line an operator should see.
  record WakeModeChanged(int instance, String mode, String reason) implements ServerEvent {}

  /// A wake-up sent to ourselves came back through the listener.
  record CanaryReturned(int instance, long roundTripMicros) implements ServerEvent {}

  /// A wake-up sent to ourselves did not come back in time.
  record CanaryMissed(int instance) implements ServerEvent {}

  /// One NOTIFY left, carrying this many wake-ups; instance 0 means all instances.
  record WakesSent(int instance, int wakes) implements ServerEvent {}

  /// Wake-ups that could not be sent. Nothing is lost: whoever they were for finds out by polling.
  record WakesDropped(int wakes, String reason) implements ServerEvent {}

  /// Wake-ups that arrived through the listener.
  record WakesHeard(int wakes) implements ServerEvent {}

  /// Wake-ups for this instance itself, rung without NOTIFY.
  record WakesRungHere(int wakes) implements ServerEvent {}
}
