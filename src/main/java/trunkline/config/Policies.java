package trunkline.config;

import java.time.Duration;
import trunkline.audit.AuditKind;
import trunkline.audit.AuditMode;
import trunkline.audit.AuditPolicy;
import trunkline.protocol.around.ToolLimits;
import trunkline.protocol.run.ProtocolPolicy;
import trunkline.rate.RateLimit;
import trunkline.rate.RatePolicy;
import trunkline.session.SessionPolicy;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.stream.StreamPolicy;
import trunkline.task.TaskPolicy;

/// The limits and waits of an instance: the policies of the packages that keep them.
///
/// @param lease how long an instance may be silent before the others declare it dead
/// @param drain how long it takes to leave
/// @param memoryShare percent of the heap that requests may hold
public record Policies(
    Duration lease,
    DrainPolicy drain,
    SignalPolicy signals,
    SessionPolicy sessions,
    StreamPolicy streams,
    TaskPolicy tasks,
    ProtocolPolicy protocol,
    AuditPolicy audit,
    ToolLimits tools,
    RatePolicy rates,
    int memoryShare) {

  static Policies read(OptionParser values) {
    return new Policies(
        values.duration(Option.LEASE),
        DrainPolicy.read(values),
        SignalPolicy.of(notifyMode(values)),
        SessionPolicy.of(
                values.duration(Option.SESSION_IDLE_TIMEOUT),
                values.duration(Option.SESSION_LIFETIME_MAX),
                values.number(Option.PRINCIPAL_SESSIONS_MAX),
                values.number(Option.SESSIONS_MAX))
            .cached(values.flag(Option.SESSION_CACHE)),
        StreamPolicy.of(
            values.number(Option.HISTORY_MESSAGES_MAX),
            values.duration(Option.HISTORY_AGE_MAX),
            values.flag(Option.ANNOUNCE_CONNECTIONS),
            values.number(Option.SESSION_STREAMS_MAX),
            values.number(Option.SESSION_CONNECTIONS_MAX),
            values.number(Option.MESSAGE_BYTES_MAX)),
        TaskPolicy.of(
            values.duration(Option.TASK_TTL_MAX),
            values.number(Option.SESSION_TASKS_MAX),
            values.number(Option.PRINCIPAL_TASKS_MAX)),
        ProtocolPolicy.of(
            values.duration(Option.REQUEST_TIMEOUT),
            values.number(Option.SESSION_QUESTIONS_MAX),
            values.number(Option.SESSION_CALLS_MAX),
            values.number(Option.PRINCIPAL_CALLS_MAX),
            values.number(Option.PRINCIPAL_LISTENS_MAX),
            values.number(Option.CALLS_MAX)),
        AuditPolicy.of(
            values.choice(Option.AUDIT, AuditMode.class),
            values.duration(Option.AUDIT_AGE),
            AuditKind.read(values.list(Option.AUDIT_KINDS))),
        ToolOptions.read(values),
        new RatePolicy(
            values.text(Option.RATE_PRINCIPAL).map(RateLimit::parse),
            RatePolicy.named(values.list(Option.RATE_TOOL)),
            RatePolicy.named(values.list(Option.RATE_PRINCIPAL_TOOL))),
        values.number(Option.MEMORY_SHARE));
  }

  private static NotifyMode notifyMode(OptionParser values) {
    var never = values.flag(Option.POLL_ONLY);
    var required = values.flag(Option.REQUIRE_NOTIFY);
    if (never && required) {
      throw new Refusal("--poll-only and --require-notify exclude each other");
    }
    if (never) {
      return NotifyMode.NEVER;
    }
    return required ? NotifyMode.REQUIRED : NotifyMode.IF_POSSIBLE;
  }
}
