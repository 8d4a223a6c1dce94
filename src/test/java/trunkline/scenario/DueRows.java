package trunkline.scenario;

import java.util.List;
import java.util.Map;

/// The rows that are due for each sweep, written as SQL; `{me}` is the instance that sweeps.
final class DueRows {
  /// What makes so many rows due.
  record Due(double rows, List<String> statements) {
    private static Due of(int rows, String... statements) {
      return new Due(rows, List.of(statements));
    }
  }

  private static final String DEAD =
      """
      insert into trunkline.instances (instance_id, lease_until, dead_at, url, version) overriding system value
      values (900, now() - interval '1 hour', now(), 'http://dead', '0') on conflict do nothing
      """;

  private static final String TASKS =
      """
      insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                   status, ttl_millis, expires_at)
      select md5('%1$s' || g), 'ada', md5('none'), 1, 'bake', '{}', false, %2$s, '%3$s', 1, now() + interval '%4$s'
        from generate_series(1, 3) g
      """;

  private static final String ACTIONS =
      """
      insert into trunkline.operator_actions (action, about, acted_at, told_by, told_round)
      select 'end_session', 'session ' || g, now() - %s, %s, %s from generate_series(1, 3) g
      """;

  static final Map<String, Due> CASES =
      Map.ofEntries(
          Map.entry(
              "finished calls", // among others, in more than one page
              Due.of(
                  3,
                  """
                  insert into trunkline.streams (session_key, standalone, finished_at)
                  select 910000 + g, g > 3, case when g <= 3 then now() - interval '2 days' end
                    from generate_series(1, 1300) g
                  """)),
          Map.entry(
              "sessions", // unused ones end, and ended ones go
              Due.of(
                  5,
                  """
                  insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client,
                                                  created_at, last_used_at, ended_at, end_reason)
                  select md5('old' || g), '2025-11-25', 'ada', 0, '{}', '{}', now() - interval '9 days',
                         now() - interval '9 days', case when g > 3 then now() - interval '8 days' end,
                         case when g > 3 then 'client' end
                    from generate_series(1, 5) g
                  """)),
          Map.entry(
              "questions", // abandoned ones are closed, and closed ones go
              Due.of(
                  5,
                  DEAD,
                  """
                  insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method,
                                                          digest, deadline, outcome)
                  select 910000 + g, 990000, 990000, 900, g, 'roots/list', '', now() - case when g > 3 then interval '1 day' else interval '0' end,
                         case when g > 3 then 'expired' end
                    from generate_series(1, 5) g
                  """)),
          Map.entry(
              "elicitations",
              Due.of(
                  3,
                  """
                  insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
                  select md5('url' || g), 1, 'ada', now() - interval '2 days' from generate_series(1, 3) g
                  """)),
          Map.entry(
              "expired tasks", Due.of(3, TASKS.formatted("old", "900", "completed", "-1 hour"))),
          Map.entry(
              "orphaned tasks", // not to be run again: they fail, and count all the same
              Due.of(3, DEAD, TASKS.formatted("lost", "900", "working", "1 hour"))),
          Map.entry(
              "announcements",
              Due.of(
                  3,
                  """
                  insert into trunkline.announcements (id, kind, payload, created_at)
                  select g, 'message', '{}', now() - interval '9 days' from generate_series(1, 3) g
                  """)),
          Map.entry(
              "ended moves",
              Due.of(
                  3,
                  """
                  insert into trunkline.stream_moves (stream_id, holder_epoch, to_instance)
                  select 950000 + g, 1, 1 from generate_series(1, 3) g
                  """)),
          Map.entry(
              "dead holders",
              Due.of(
                  3,
                  DEAD,
                  """
                  insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch)
                  select 920000 + g, true, 900, 1 from generate_series(1, 3) g
                  """)),
          Map.entry(
              "unheld streams",
              Due.of(
                  3,
                  """
                  insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch)
                  select 930000 + g, true, {me}, 1 from generate_series(1, 3) g
                  """)),
          Map.entry(
              "orphans",
              Due.of(
                  3,
                  DEAD,
                  """
                  insert into trunkline.streams (session_key, standalone, writer_instance, writer_epoch)
                  select 940000 + g, false, 900, 1 from generate_series(1, 3) g
                  """)),
          Map.entry(
              "forgotten instances",
              Due.of(
                  3,
                  """
                  insert into trunkline.instances (lease_until, left_at, url, version)
                  select now() - interval '99 days', now() - interval '99 days', 'http://gone', '0'
                    from generate_series(1, 3) g
                  """)),
          Map.entry(
              "operator actions", Due.of(3, ACTIONS.formatted("interval '0'", "null", "null"))),
          Map.entry(
              "old operator actions",
              Due.of(3, ACTIONS.formatted("interval '31 days'", "900", "1"))),
          Map.entry(
              "old minutes",
              Due.of(
                  3,
                  """
                  insert into trunkline.instance_minutes
                  select date_trunc('minute', now() - interval '8 days', 'UTC'), g, 1, 1, 0, 1, 0, 0, '{1,0,0,0,0,0,0,0,0,0,0,0}'
                    from generate_series(1, 3) g
                  """)),
          Map.entry(
              "old api keys",
              Due.of(
                  3,
                  """
                  insert into trunkline.api_keys (sha256, principal, revoked_at)
                  select sha256(g::text::bytea), 'ada', now() - interval '31 days' from generate_series(1, 3) g
                  """)),
          Map.entry(
              "full buckets",
              Due.of(
                  3,
                  """
                  insert into trunkline.rate_buckets (bucket_key, tokens, refilled_at, forget_at)
                  select substr(sha256(g::text::bytea), 1, 16), 1, now() - interval '1 hour', now() - interval '1 minute'
                    from generate_series(1, 3) g
                  """)),
          Map.entry(
              "old seal keys", // a new one is made, and those go that another one replaced
              Due.of(
                  4,
                  "delete from trunkline.seal_keys",
                  """
                  insert into trunkline.seal_keys (key, created_at, usable_at)
                  select sha256(''), now() - interval '3 days' - g * interval '1 hour',
                         now() - interval '3 days' - g * interval '1 hour'
                    from generate_series(0, 3) g
                  """)),
          Map.entry(
              "audit slots",
              Due.of(
                  1,
                  "update trunkline.audit_slots set kept_for = interval '6 days', opened_at = now() - interval '2 days' where slot = 0")),
          Map.entry(
              "slots",
              Due.of(
                  1, "update trunkline.control set slot_opened_at = now() - interval '9 days'")));

  private DueRows() {}
}
