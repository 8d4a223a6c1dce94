package trunkline.telemetry;

/// Something that happened, in plain values: ids, counts, durations and reasons, never payloads or
/// secrets. Sorted by the package that emits it. A new event needs its record here, whose kind says
/// how loud it is, and a case in [Meters].
public sealed interface ServerEvent {
  /// The exception's class and where it was thrown; its message may hold secrets.
  static String place(Throwable e) {
    var trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /// An operator should see it.
  sealed interface Warning extends ServerEvent {}

  /// A failure that may come again and again: the log tells it at growing intervals, with a count.
  sealed interface Failure extends Warning {
    /// What fails, among a few: each has intervals of its own.
    default String of() {
      return "";
    }
  }

  /// A turn in the life of an instance, a session, a stream or a task.
  sealed interface Notice extends ServerEvent {}

  /// Ordinary work, or an event that a client may cause at will: it must not fill the log.
  sealed interface Routine extends ServerEvent {}

  /// An event of every message or every second, for the meters.
  sealed interface Traffic extends ServerEvent {}

  // otlp

  /// Spans that did not get to the collector.
  record SpansDropped(int spans, String reason) implements Failure {
    @Override
    public String of() {
      return reason;
    }
  }

  // signal

  /// Listening on this instance's channels, and proven to hear: the canary came back.
  record ListenerConnected(int instance) implements Notice {}

  /// Not hearing any more; polling fast until the listener is back.
  record ListenerLost(int instance, String reason, long retryMillis) implements Failure {}

  /// The wake mode changed, to `notify` or `polling`. The one line an operator should see.
  record WakeModeChanged(int instance, String mode, String reason) implements Notice {}

  /// A wake-up sent to ourselves came back through the listener.
  record CanaryReturned(int instance, long roundTripMicros) implements Traffic {}

  /// A wake-up sent to ourselves did not come back in time.
  record CanaryMissed(int instance) implements Failure {}

  /// One NOTIFY left, carrying this many wake-ups; instance 0 means all instances.
  record WakesSent(int instance, int wakes) implements Traffic {}

  /// Wake-ups that could not be sent. Nothing is lost: their targets find out by polling.
  record WakesDropped(int wakes, String reason) implements Failure {}

  /// Wake-ups that arrived through the listener.
  record WakesHeard(int wakes) implements Traffic {}

  /// What arrived through the listener and is no wake-up: of a newer release, or of anybody who may
  /// connect.
  record WakesUnreadable(int words) implements Traffic {}

  /// Wake-ups for this instance itself, rung without NOTIFY.
  record WakesRungHere(int wakes) implements Traffic {}

  // cluster

  /// This process got a number.
  record InstanceRegistered(int instance, String url) implements Notice {}

  /// A beat was written; the round trip it took.
  record InstanceBeat(int instance, long roundTripMicros) implements Traffic {}

  /// A beat was not written; it is tried again soon.
  record HeartbeatFailed(String reason) implements Failure {}

  /// This process was declared dead under this number and will register anew.
  record InstanceFenced(int instance) implements Warning {}

  /// This process can no longer trust its lease.
  record TenureEnded(int instance) implements Warning {}

  /// This process was told to leave, or to serve nobody: it is not ready any more and serves on for
  /// a while.
  record InstanceDraining(int instance) implements Notice {}

  /// This process holds no stream and runs no call any more, so long after it was told.
  record InstanceDrained(int instance, int millis) implements Notice {}

  /// This process serves again after a drain.
  record InstanceUndrained(int instance) implements Notice {}

  /// This process said goodbye.
  record InstanceLeft(int instance) implements Notice {}

  /// Another instance was declared dead, by us.
  record InstanceDeclaredDead(int instance, int by) implements Warning {}

  /// The number of live instances, this one included.
  record InstancesSeen(int living) implements Traffic {}

  /// A sweep dealt with rows; with none once, when it begins its life.
  record Swept(String sweep, int rows) implements Routine {}

  /// A sweep, or another job, failed and is tried again in its next round.
  record SweepFailed(String sweep, String reason) implements Failure {
    @Override
    public String of() {
      return sweep;
    }
  }

  /// A row that cannot be dealt with is left alone, so that others are not; said once a row.
  record RowSetAside(String table, long key, String reason) implements Warning {}

  /// The database works, but something about it should be changed: a warning.
  record DatabaseDoubtful(String finding) implements Warning {}

  /// A statement met somebody's lock, or was cancelled for another's sake.
  record StatementBusy(String statement) implements Traffic {}

  /// The same for the log: at most one a second.
  ///
  /// @param blockedBy the tables, processes and states that are in the way, as far as seen
  record DatabaseBusy(String reason, String blockedBy) implements Failure {}

  /// The database refused a statement because our role lacks a right.
  ///
  /// @param remedy the grants to run, and the file that has them
  record RightLacking(String statement, String reason, String remedy) implements Failure {
    @Override
    public String of() {
      return statement;
    }
  }

  /// A row that everything reads is gone or wrong, and what mends it.
  record ControlUnfit(String fault) implements Warning {}

  /// The database was restored, copied or rewound: its numbers go on elsewhere, every instance
  /// registers anew, and clients are told of the gap.
  record DatabaseRestored(int restores, int base) implements Warning {}

  /// An operator did something by SQL, or by a Java method that calls the same function: which, on
  /// what, who, from where, when. Told by one instance.
  record OperatorActed(
      String action, String about, String by, String application, String address, String at)
      implements Notice {}

  /// Ids would have run backwards (a logically upgraded database), so their base was raised.
  record IdBaseRaised(int base) implements Warning {}

  // session

  /// A client was given a session; named by its key, since its id is a credential.
  record SessionOpened(long session, String revision) implements Notice {}

  /// A session was not opened because of a limit.
  record SessionRefused(String reason) implements Failure {}

  /// A session and everything of it has ended.
  record SessionEnded(long sessionKey, String reason) implements Notice {}

  /// A request's session was looked up in the database; the time includes waiting for the batch.
  record SessionLookedUp(boolean found, long micros) implements Traffic {}

  /// This many requests found their session in this instance's memory.
  record SessionsRemembered(long requests) implements Traffic {}

  /// What this instance remembered of sessions was forgotten, because it could not hear in time
  /// whether any had changed: until it does, each request looks its session up.
  record SessionsForgotten() implements Routine {}

  /// The number of sessions in the whole cluster, as a sweep counted them.
  record SessionsCounted(long living) implements Traffic {}

  // announcement

  /// This many announcements were written by this instance in one statement.
  record Announced(int announcements) implements Routine {}

  /// This many announcements came into this instance's buffer.
  record AnnouncementsHeard(int announcements) implements Traffic {}

  /// The log was trimmed past what this instance had read: its followers are notified of a gap.
  record AnnouncementsMissed(long head, long floor) implements Warning {}

  /// The log ends below what this instance had read of it: a restored or swapped database, or rows
  /// were deleted. It goes on at the log's end, and its followers are notified of a gap.
  record AnnouncementsRewound(long head, long newest) implements Warning {}

  /// A row of the log is passed over, because nobody could take it: named once, or once for its
  /// kind when only a newer release knows that.
  record AnnouncementSkipped(long id, String kind, String fault) implements Warning {}

  /// This many more rows of the log were passed over.
  record AnnouncementsPassedOver(int rows) implements Traffic {}

  /// The log could not be read; it is tried again.
  record AnnouncementsUnread(String reason) implements Failure {}

  /// A row of the outbox was removed, because it cannot be sent: its number, kind and fault.
  record OutboxRowRefused(String row) implements Failure {}

  /// The outbox of SQL callers was moved on; rows for ended sessions were dropped.
  record OutboxMoved(int moved, int dropped) implements Routine {}

  /// The outbox could not be moved on; it is tried again.
  record OutboxStuck(String reason) implements Failure {}

  // audit

  /// This many records of what clients did were stored in one statement.
  record AuditWritten(int records) implements Traffic {}

  /// Records could not be stored; they are kept and stored later.
  record AuditDelayed(String reason) implements Failure {}

  /// Records will never be stored; the record says how many are missing.
  record AuditLost(int records, String reason) implements Failure {}

  /// Slots of the record could not be emptied because a transaction reads them.
  record AuditSlotBlocked(int slots) implements Failure {}

  // seal

  /// What a client brought was not accepted as sealed here: `expired` or `forged`.
  record SealRefused(String reason) implements Routine {}

  /// The keys of seals could not be read; what is known goes on being used, and they are read
  /// again.
  record SealKeysUnread(String reason) implements Failure {}

  // access

  /// An identity provider told its public keys.
  record IssuerKeysRead(String issuer, int keys) implements Routine {}

  /// An identity provider did not answer, or not as it should; it is asked again.
  record IssuerAway(String issuer, String reason) implements Failure {
    @Override
    public String of() {
      return issuer;
    }
  }

  /// The API keys could not be read; those that are known go on for a while, and they are read
  /// again.
  record ApiKeysUnread(String reason) implements Failure {}

  // protocol

  /// A user's handler threw an unexpected exception: its class and where.
  record HandlerFailed(String method, String name, String exception) implements Failure {
    @Override
    public String of() {
      return method + " " + name;
    }
  }

  /// A condition on who may see a feature threw, so nobody was shown it: its class and where.
  record VisibilityUnknown(String kind, String name, String exception) implements Failure {
    @Override
    public String of() {
      return kind + " " + name;
    }
  }

  /// A call, a stream, a question or a message was refused because of this limit.
  record LimitReached(String limit) implements Routine {}

  // rate

  /// One statement took portions of so many buckets, or gave some back.
  record RatesLeased(int buckets) implements Traffic {}

  /// No portion came from the database: calls go on by this instance's share of the rates.
  record RatesAlone(String reason) implements Failure {}

  // http

  /// A connection was closed because its client neither read nor wrote for too long.
  record ConnectionCut(int instance) implements Failure {}

  /// A request did not get past the guards: framing, host, origin, credentials, types, size.
  record RequestRefused(int status) implements Routine {}

  /// A stream was ended, because the credentials that opened it are over.
  record StreamDismissed(int instance) implements Routine {}

  /// A request waited for others to give back memory.
  record MemoryAwaited() implements Routine {}

  /// A request was refused because others held as much memory as there is for all.
  record MemoryRefused() implements Routine {}

  /// A defect of ours; its number is in the client's answer and, with the cause, in the log.
  record RequestFailed(int instance, String failure) implements Routine {}

  // tls

  /// The certificate of new connections, read at the start or because its files have changed.
  record CertificateRead(String certificate, String expires) implements Notice {}

  /// The files of certificate and key have changed and cannot be used: the former are.
  record CertificateUnread(String reason) implements Failure {}

  /// The certificate runs out soon, or has; told once a day.
  record CertificateExpiring(String certificate, String expires) implements Warning {}

  /// A connection was closed before its TLS handshake was done.
  ///
  /// @param reason `plain`: HTTP without TLS; `late`; `failed`: no certificate, version or cipher
  ///   in common, or no TLS at all
  record HandshakeFailed(String reason) implements Routine {}

  // requests

  /// A request began, of this revision of MCP.
  record RequestBegun(String revision) implements Traffic {}

  /// A run of a request is over, and its answer is stored or handed to its connection.
  ///
  /// @param outcome one of a few words
  /// @param failed whether the client got an error
  record RequestEnded(String outcome, boolean failed, long micros) implements Traffic {}

  // stream

  /// A batch was committed; the nanoseconds are queue and commit of its oldest message.
  record MessagesPublished(int stored, int refused, long nanos) implements Traffic {}

  /// A page was written to a client's socket, so long after its oldest message was stored.
  record MessagesDelivered(long stream, int messages, boolean replayed, long micros)
      implements Traffic {}

  /// A client's connection has got a stream here.
  record StreamOpened(int instance, long session, long stream, long epoch) implements Notice {}

  /// A client's connection no longer has its stream, on an instance that may be gone.
  record StreamClosed(int instance, long session, long stream, long epoch, String reason)
      implements Notice {}

  /// A client was notified that it missed messages.
  record GapTold(long stream) implements Failure {}

  /// The sweep found streams with messages that no wake-up announced in time; 0 in health, but
  /// ordinary when polling.
  record FoundBySweep(int streams, long oldestMillis) implements Routine {}

  /// Messages are written to another slot from now on.
  record SlotAdvanced(int slot) implements Routine {}

  /// An old slot could not be freed because a transaction reads it; the current one grows
  /// meanwhile.
  record SlotBlocked(int slot) implements Warning {}

  /// A dead instance's call was ended with an error.
  record CallOrphaned(long session, long stream, int calls) implements Warning {}

  // protocol.listen

  /// A client without a session listens for changes here; the request's id is the client's own.
  record ListenOpened(int instance, String request) implements Notice {}

  /// It does no more.
  record ListenClosed(int instance, String request, String reason) implements Notice {}

  // exchange

  /// A client was asked.
  record ClientAsked(int instance, long session, String method) implements Routine {}

  /// A client's answer was stored, wherever its asker waits.
  record ClientAnswered(long session) implements Routine {}

  /// An answer without an asker: late, repeated, or not this session's.
  record AnswerUnwanted(long session) implements Routine {}

  /// The asker gave a question up: `expired` or `cancelled`.
  record QuestionVoided(String outcome) implements Routine {}

  /// The sweep closed questions whose asker is dead.
  record QuestionsAbandoned(int questions) implements Warning {}

  /// A call is to stop; its response, if any, is not sent.
  record CallCancelled(long session, String request, String reason) implements Notice {}

  /// A call could not become a stream when it was due to. It goes on, and becomes one later or is
  /// answered in JSON.
  record CallNotStreamed(long session, String request, String reason) implements Failure {}

  /// A call failed for a reason hidden from its client.
  record CallFailed(long session, String request, String reason) implements Failure {}

  // task

  /// A call is run as a task.
  record TaskStarted(long task, String tool, int instance) implements Notice {}

  /// A task ended: completed, failed, cancelled.
  record TaskEnded(long task, String status) implements Notice {}

  /// A task's executor was lost; it is run again, or has failed.
  record TaskOrphaned(long task, boolean again) implements Warning {}
}
