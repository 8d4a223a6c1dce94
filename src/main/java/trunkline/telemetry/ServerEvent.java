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

  // cluster

  /// This process got a number.
  record InstanceRegistered(int instance, String url) implements ServerEvent {}

  /// A beat was written; the round trip it took.
  record InstanceBeat(int instance, long roundTripMicros) implements ServerEvent {}

  /// A beat was not written; it is tried again soon.
  record HeartbeatFailed(String reason) implements ServerEvent {}

  /// This process was declared dead under this number and will register anew.
  record InstanceFenced(int instance) implements ServerEvent {}

  /// This process can no longer trust its lease.
  record TenureEnded(int instance) implements ServerEvent {}

  /// This process said goodbye.
  record InstanceLeft(int instance) implements ServerEvent {}

  /// Another instance was declared dead, by us.
  record InstanceDeclaredDead(int instance, int by) implements ServerEvent {}

  /// A sweep dealt with rows.
  record Swept(String sweep, int rows) implements ServerEvent {}

  /// A sweep, or another chore, failed and is tried again in its next round.
  record SweepFailed(String sweep, String reason) implements ServerEvent {}

  /// The database works, but something about it should be changed: a warning.
  record DatabaseDoubtful(String finding) implements ServerEvent {}

  /// Ids would have run backwards (a restored or upgraded database), so their base was raised.
  record IdBaseRaised(int base) implements ServerEvent {}

  // session

  /// A client was given a session.
  record SessionOpened(String session, String revision) implements ServerEvent {}

  /// A session was not opened because of a limit.
  record SessionRefused(String reason) implements ServerEvent {}

  /// A session and everything of it has ended.
  record SessionEnded(long sessionKey, String reason) implements ServerEvent {}

  /// A request's session was looked up in the database; the time includes waiting for the batch.
  record SessionLookedUp(boolean found, long micros) implements ServerEvent {}

  /// How many sessions live in the whole cluster, as a sweep counted them.
  record SessionsCounted(long living) implements ServerEvent {}

  // announcement

  /// This many announcements were written by this instance in one statement.
  record Announced(int announcements) implements ServerEvent {}

  /// This many announcements came into this instance's ring.
  record AnnouncementsHeard(int announcements) implements ServerEvent {}

  /// The log was trimmed past what this instance had read: its followers are told of a gap.
  record AnnouncementsMissed(long head, long floor) implements ServerEvent {}

  /// The log could not be read; it is tried again.
  record AnnouncementsUnread(String reason) implements ServerEvent {}

  /// What SQL callers had handed in was moved on; what was for a session that is gone is dropped.
  record OutboxMoved(int moved, int dropped) implements ServerEvent {}

  /// The outbox could not be moved on; it is tried again.
  record OutboxStuck(String reason) implements ServerEvent {}

  // protocol

  /// A user's handler threw something that it should not; the class of the exception and where.
  record HandlerFailed(String method, String name, String exception) implements ServerEvent {}

  // http

  /// A connection was closed because its client neither read nor wrote for too long.
  record ConnectionCut(int instance) implements ServerEvent {}

  /// A request did not get past the guards: framing, host, origin, credentials, types, size.
  record RequestRefused(int status) implements ServerEvent {}

  /// A defect of ours; the failure's number stands in the client's answer and in the log.
  record RequestFailed(int instance, String failure) implements ServerEvent {}
}
