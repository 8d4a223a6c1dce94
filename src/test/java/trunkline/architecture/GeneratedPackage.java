package trunkline.architecture;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The generated code of one package: the tables and views it owns (`db/README.md`) and the
/// functions it calls, if its statements name them in Java.
///
/// A table that moves to another owner moves here, and the next `.ci/generate` does the rest.
record GeneratedPackage(String name, List<String> tables, List<String> routines) {

  static final List<GeneratedPackage> ALL =
      List.of(
          new GeneratedPackage(
              "cluster",
              List.of("instances", "instance_directory", "operator_actions", "baton"),
              List.of(
                  "declare_dead", "drain", "undrain", "adopt_database", "forget_operator_actions")),
          new GeneratedPackage(
              "session",
              List.of("sessions", "session_values", "subscriptions", "session_tally"),
              List.of(
                  "end_session_now",
                  "end_unused_session",
                  "forget_ended_sessions",
                  "set_log_level")),
          new GeneratedPackage("history", List.of("instance_minutes"), List.of()),
          new GeneratedPackage("announcement", List.of("announcements"), List.of("empty_outbox")),
          new GeneratedPackage(
              "stream",
              List.of(
                  "streams",
                  "stream_moves",
                  "outbound_messages",
                  "publish_batches",
                  "stream_directory"),
              List.of(
                  "migrate",
                  "session_instance",
                  "advance_slot",
                  "trim_streams",
                  "retire_streams",
                  "truncate_slot",
                  "forget_finished_streams")),
          new GeneratedPackage("call", List.of("calls"), List.of("cancel_call_anywhere")),
          new GeneratedPackage(
              "exchange",
              List.of("pending_requests", "url_elicitations"),
              List.of("complete_elicitation")),
          new GeneratedPackage(
              "audit", List.of("audit_records", "audit_slots", "audit_writers"), List.of()),
          new GeneratedPackage("seal", List.of("seal_keys"), List.of("rotate_seal_key")),
          new GeneratedPackage("rate", List.of("rate_limits", "rate_buckets"), List.of()),
          new GeneratedPackage("access.key", List.of("api_keys"), List.of("forget_api_keys")),
          new GeneratedPackage(
              "catalog", List.of("catalog_switches", "principal_switches"), List.of("set_enabled")),
          new GeneratedPackage(
              "task", List.of("tasks", "task_inputs"), List.of("forget_expired_tasks")));

  String javaName() {
    return "trunkline." + name;
  }

  /// jOOQ's pattern of included names.
  String includes() {
    return Stream.concat(tables.stream(), routines.stream())
        .map(object -> "trunkline\\." + Pattern.quote(object))
        .collect(Collectors.joining("|"));
  }
}
