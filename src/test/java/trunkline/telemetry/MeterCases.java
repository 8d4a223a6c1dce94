package trunkline.telemetry;

import java.util.List;
import java.util.Set;
import trunkline.telemetry.ServerEvent.*;

/// The meters that events move: each with an event and what is read after it, and after another.
final class MeterCases {
  /// A meter, as it is written in a scrape, and two events that move it, from 0.
  record Change(String meter, ServerEvent event, double once, ServerEvent again, double twice) {
    @Override
    public String toString() {
      return meter + " after " + event;
    }
  }

  /// Once in a while, and in the log.
  static final Set<String> ONLY_LOGGED =
      Set.of(
          "AnnouncementSkipped",
          "AnnouncementsUnread",
          "CallNotStreamed",
          "CertificateExpiring",
          "DatabaseBusy",
          "DatabaseDoubtful",
          "IdBaseRaised",
          "InstanceDrained",
          "InstanceDraining",
          "InstanceLeft",
          "InstanceRegistered",
          "InstanceUndrained",
          "OutboxStuck");

  static final List<Change> CHANGES =
      List.of(
          adds(1, "trunkline_listener_lost_total", new ListenerLost(1, "", 0)),
          adds(1, "trunkline_canary_missed_total", new CanaryMissed(1)),
          adds(1, "trunkline_database_restored_total", new DatabaseRestored(1, 1)),
          adds(1, "trunkline_heartbeat_failed_total", new HeartbeatFailed("")),
          adds(1, "trunkline_instances_fenced_total", new InstanceFenced(1)),
          adds(1, "trunkline_tenure_ended_total", new TenureEnded(1)),
          adds(1, "trunkline_instances_declared_dead_total", new InstanceDeclaredDead(2, 1)),
          adds(1, "trunkline_sessions_refused_total", new SessionRefused("")),
          adds(1, "trunkline_announcements_missed_total", new AnnouncementsMissed(2, 1)),
          adds(1, "trunkline_control_unfit_total", new ControlUnfit("")),
          adds(
              1,
              "trunkline_rows_set_aside_total{table=\"tasks\"}",
              new RowSetAside("tasks", 1, "garbled")),
          adds(1, "trunkline_rights_lacking_total", new RightLacking("", "", "")),
          adds(1, "trunkline_outbox_refused_total", new OutboxRowRefused("")),
          adds(1, "trunkline_announcements_rewound_total", new AnnouncementsRewound(1, 2)),
          adds(1, "trunkline_handlers_failed_total", new HandlerFailed("", "", "")),
          adds(1, "trunkline_visibility_unknown_total", new VisibilityUnknown("", "", "")),
          adds(5, "trunkline_traces_spans_dropped_total", new SpansDropped(5, "")),
          adds(1, "trunkline_rates_alone_total", new RatesAlone("")),
          adds(1, "trunkline_rates_statements_total", new RatesLeased(4)),
          adds(4, "trunkline_rates_portions_total", new RatesLeased(4)),
          adds(1, "trunkline_connections_cut_total", new ConnectionCut(1)),
          adds(1, "trunkline_tls_certificate_unread_total", new CertificateUnread("")),
          adds(1, "trunkline_tls_certificate_read_total", new CertificateRead("", "")),
          adds(
              1,
              "trunkline_tls_handshakes_failed_total{reason=\"late\"}",
              new HandshakeFailed("late")),
          adds(1, "trunkline_slots_blocked_total", new SlotBlocked(1)),
          adds(3, "trunkline_audit_written_total", new AuditWritten(3)),
          adds(1, "trunkline_audit_delayed_total", new AuditDelayed("")),
          adds(3, "trunkline_audit_lost_total", new AuditLost(3, "")),
          adds(3, "trunkline_audit_slots_blocked_total", new AuditSlotBlocked(3)),
          adds(1, "trunkline_gaps_told_total", new GapTold(1)),
          adds(1, "trunkline_tasks_orphaned_total", new TaskOrphaned(1, true)),
          adds(1, "trunkline_calls_failed_total", new CallFailed(1, "", "")),
          adds(1, "trunkline_listener_connected_total", new ListenerConnected(1)),
          adds(1, "trunkline_streams_opened_total", new StreamOpened(1, 1, 1, 1)),
          adds(1, "trunkline_listens_opened_total", new ListenOpened(1, "7")),
          adds(1, "trunkline_listens_closed_total{reason=\"r\"}", new ListenClosed(1, "7", "r")),
          adds(1, "trunkline_calls_cancelled_total", new CallCancelled(1, "", "")),
          adds(1, "trunkline_tasks_started_total", new TaskStarted(1, "", 1)),
          adds(1, "trunkline_memory_awaited_total", new MemoryAwaited()),
          adds(1, "trunkline_memory_refused_total", new MemoryRefused()),
          adds(1, "trunkline_requests_failed_total", new RequestFailed(1, "")),
          adds(1, "trunkline_slots_advanced_total", new SlotAdvanced(1)),
          adds(1, "trunkline_pending_answered_total", new ClientAnswered(1)),
          adds(1, "trunkline_pending_late_total", new AnswerUnwanted(1)),
          adds(1, "trunkline_pending_expired_total", new QuestionVoided("expired")),
          adds(1, "trunkline_pending_cancelled_total", new QuestionVoided("cancelled")),
          adds(3, "trunkline_wakeups_dropped_total", new WakesDropped(3, "")),
          adds(3, "trunkline_calls_orphaned_total", new CallOrphaned(1, 1, 3)),
          adds(3, "trunkline_pending_abandoned_total", new QuestionsAbandoned(3)),
          adds(3, "trunkline_announcements_written_total", new Announced(3)),
          adds(3, "trunkline_outbox_moved_total", new OutboxMoved(3, 4)),
          adds(4, "trunkline_outbox_dropped_total", new OutboxMoved(3, 4)),
          adds(3, "trunkline_wakeups_sent_total", new WakesSent(0, 3)),
          adds(3, "trunkline_announcements_skipped_total", new AnnouncementsPassedOver(3)),
          adds(3, "trunkline_announcements_heard_total", new AnnouncementsHeard(3)),
          adds(3, "trunkline_sweep_found_total", new FoundBySweep(3, 900)),
          adds(
              1,
              "trunkline_requests_total{revision=\"2026-07-28\"}",
              new RequestBegun("2026-07-28")),
          adds(
              1,
              "trunkline_requests_duration_seconds_count{outcome=\"tool error\"}",
              new RequestEnded("tool error", true, 9)),
          adds(3, "trunkline_messages_published_total", new MessagesPublished(3, 4, 9)),
          adds(4, "trunkline_messages_refused_total", new MessagesPublished(3, 4, 9)),
          adds(3, "trunkline_messages_delivered_total", new MessagesDelivered(1, 3, false, 9)),
          adds(3, "trunkline_messages_delivered_total", new MessagesDelivered(1, 3, true, 9)),
          adds(3, "trunkline_messages_replayed_total", new MessagesDelivered(1, 3, true, 9)),
          adds(1, "trunkline_sweeps_failed_total{sweep=\"s\"}", new SweepFailed("s", "")),
          adds(
              1,
              "trunkline_wakemode_changed_total{mode=\"polling\"}",
              new WakeModeChanged(1, "polling", "")),
          adds(1, "trunkline_sessions_opened_total{revision=\"r\"}", new SessionOpened(1, "r")),
          adds(1, "trunkline_sessions_ended_total{reason=\"r\"}", new SessionEnded(1, "r")),
          adds(
              1, "trunkline_streams_closed_total{reason=\"r\"}", new StreamClosed(1, 1, 1, 1, "r")),
          adds(
              1,
              "trunkline_operator_actions_total{action=\"a\"}",
              new OperatorActed("a", "", "", "", "", "")),
          adds(1, "trunkline_seals_refused_total{reason=\"r\"}", new SealRefused("r")),
          adds(1, "trunkline_seal_keys_unread_total", new SealKeysUnread("")),
          adds(1, "trunkline_issuers_keys_read_total", new IssuerKeysRead("", 1)),
          adds(1, "trunkline_issuers_away_total", new IssuerAway("", "")),
          adds(1, "trunkline_api_keys_unread_total", new ApiKeysUnread("")),
          adds(1, "trunkline_streams_dismissed_total", new StreamDismissed(1)),
          adds(1, "trunkline_tasks_ended_total{status=\"s\"}", new TaskEnded(1, "s")),
          adds(3, "trunkline_swept_rows_total{sweep=\"s\"}", new Swept("s", 3)),
          adds(1, "trunkline_limits_reached_total{limit=\"l\"}", new LimitReached("l")),
          adds(1, "trunkline_requests_refused_total{status=\"403\"}", new RequestRefused(403)),
          adds(1, "trunkline_pending_asked_total{method=\"m\"}", new ClientAsked(1, 1, "m")),
          adds(1, "trunkline_database_busy_total{statement=\"s\"}", new StatementBusy("s")),
          adds(3, "trunkline_wakeups_rung_total{way=\"notify\"}", new WakesHeard(3)),
          adds(3, "trunkline_wakeups_rung_total{way=\"here\"}", new WakesRungHere(3)),
          adds(3, "trunkline_wakeups_unreadable_total", new WakesUnreadable(3)),
          adds(
              1,
              "trunkline_session_lookups_total{found=\"true\",source=\"database\"}",
              new SessionLookedUp(true, 9)),
          adds(
              1,
              "trunkline_session_lookups_total{found=\"false\",source=\"database\"}",
              new SessionLookedUp(false, 9)),
          adds(
              3,
              "trunkline_session_lookups_total{found=\"true\",source=\"memory\"}",
              new SessionsRemembered(3)),
          adds(1, "trunkline_session_cache_lost_total", new SessionsForgotten()),
          adds(1, "trunkline_session_lookup_seconds_count", new SessionLookedUp(true, 1_000_000)),
          adds(1, "trunkline_session_lookup_seconds_sum", new SessionLookedUp(true, 1_000_000)),
          largest(1, "trunkline_session_lookup_seconds_max", new SessionLookedUp(true, 1_000_000)),
          adds(1, "trunkline_canary_roundtrip_seconds_count", new CanaryReturned(1, 1_000_000)),
          adds(1, "trunkline_canary_roundtrip_seconds_sum", new CanaryReturned(1, 1_000_000)),
          largest(1, "trunkline_canary_roundtrip_seconds_max", new CanaryReturned(1, 1_000_000)),
          adds(1, "trunkline_heartbeat_seconds_count", new InstanceBeat(1, 1_000_000)),
          adds(1, "trunkline_heartbeat_seconds_sum", new InstanceBeat(1, 1_000_000)),
          largest(1, "trunkline_heartbeat_seconds_max", new InstanceBeat(1, 1_000_000)),
          adds(
              1, "trunkline_delivery_seconds_count", new MessagesDelivered(1, 3, false, 1_000_000)),
          adds(1, "trunkline_delivery_seconds_sum", new MessagesDelivered(1, 3, false, 1_000_000)),
          largest(
              1, "trunkline_delivery_seconds_max", new MessagesDelivered(1, 3, false, 1_000_000)),
          adds(1, "trunkline_publish_seconds_count", new MessagesPublished(3, 4, 1_000_000_000)),
          adds(1, "trunkline_publish_seconds_sum", new MessagesPublished(3, 4, 1_000_000_000)),
          largest(1, "trunkline_publish_seconds_max", new MessagesPublished(3, 4, 1_000_000_000)),
          adds(7, "trunkline_publish_batch_messages_sum", new MessagesPublished(3, 4, 9)),
          adds(1, "trunkline_publish_batch_messages_count", new MessagesPublished(3, 4, 9)),
          largest(7, "trunkline_publish_batch_messages_max", new MessagesPublished(3, 4, 9)),
          new Change(
              "trunkline_sessions_open", new SessionsCounted(5), 5, new SessionsCounted(2), 2),
          new Change(
              "trunkline_instances_alive", new InstancesSeen(5), 5, new InstancesSeen(2), 2));

  private MeterCases() {}

  private static Change adds(double amount, String meter, ServerEvent event) {
    return new Change(meter, event, amount, event, 2 * amount);
  }

  private static Change largest(double amount, String meter, ServerEvent event) {
    return new Change(meter, event, amount, event, amount);
  }
}
