package trunkline.store;

import java.util.List;
import trunkline.store.ViewColumns.Truth;

/// The same for the views about who may do what, and who did.
final class TrustColumns {
  private static final String TIME = "2020-02-02 02:02:02+00";
  private static final String RECORDS = "update trunkline.audit_records set ";

  private TrustColumns() {}

  /// One of everything.
  static final List<String> SOMETHING =
      List.of(
          "insert into trunkline.instance_minutes values ('2020-02-02 02:02Z', 1, 1, 4, 0, 8, 0, 0, '{4,0,0,0,0,0,0,0,0,0,0,0}')",
          "insert into trunkline.api_keys (sha256, principal) values (sha256(''), 'ada')",
          "insert into trunkline.catalog_switches (kind, name, enabled) values ('tool', 'bake', true)",
          "insert into trunkline.rate_limits (scope, principal, amount, seconds, burst) values ('principal', 'ada', 1, 1, 1)",
          "insert into trunkline.audit_writers (writer, instance_id) values (1, 1)",
          """
          insert into trunkline.audit_records (slot, writer, number, begun_at, micros, instance_id, principal, credential,
                                               client, method, name, outcome, run, times, revision)
          values (0, 1, 1, now(), 0, 1, 'ada', '', '', 'tools/call', 'bake', 'ok', 1, 1, '')
          """);

  static final List<Truth> TRUTHS =
      List.of(
          key("key_id", "key_id = default", "2"),
          key("principal", "principal = 'eve'", "eve"),
          key("scopes", "scopes = array['a','b']", "{a,b}"),
          key("created_at", "created_at = '" + TIME + "'", TIME),
          key("last_used_at", "last_used_at = '" + TIME + "'", TIME),
          key("expires_at", "expires_at = '" + TIME + "'", TIME),
          key("state", "expires_at = now() + interval '1 day'", "living"),
          key("state", "expires_at = now()", "expired"),
          key("state", "revoked_at = now()", "revoked"),
          key("revoked_at", "revoked_at = '" + TIME + "'", TIME),
          aswitch("kind", "kind = 'prompt'", "prompt"),
          aswitch("name", "name = 'fry'", "fry"),
          aswitch("enabled", "enabled = false", "false"),
          new Truth(
              "switch_directory.principal",
              """
              with gone as (delete from trunkline.catalog_switches returning kind, name)
              insert into trunkline.principal_switches (principal, kind, name, enabled) select 'ada', kind, name, false from gone
              """,
              "ada"),
          rate("principal", "principal = 'eve'", "eve"),
          rate("rate", "amount = 5, seconds = 60", "5/m"),
          rate("burst", "burst = 7", "7"),
          rate("set_at", "set_at = '" + TIME + "'", TIME),
          rate("scope", "scope = 'principal_tool', tool = 'bake'", "principal_tool"),
          rate("tool", "tool = 'fry'", "fry"),
          record("at", "begun_at = '" + TIME + "'", TIME),
          record("principal", "principal = 'eve'", "eve"),
          record("credential", "credential = 'key:1'", "key:1"),
          record("client", "client = 'test'", "test"),
          record("peer", "peer = '127.0.0.1'", "127.0.0.1"),
          record("method", "method = 'prompts/get'", "prompts/get"),
          record("name", "name = 'fry'", "fry"),
          record("arguments", "arguments = decode(repeat('0a', 32), 'hex')", "0a".repeat(32)),
          record("outcome", "outcome = 'denied'", "denied"),
          record("code", "code = -32003", "-32003"),
          record("millis", "micros = 1500", "1.5", "round(millis, 1)"),
          record("run", "run = 2", "2"),
          record("times", "times = 3", "3"),
          record("instance_id", "instance_id = 4", "4"),
          record("session_key", "session_key = 5", "5"),
          record("task_key", "task_key = 6", "6"),
          record("revision", "revision = '2025-11-25'", "2025-11-25"),
          record("era", "revision = '2026-07-28'", "stateless"),
          record("trace", "trace = repeat('a', 32)", "a".repeat(32)),
          new Truth(
              "audit.by",
              """
              with gone as (delete from trunkline.audit_records)
              insert into trunkline.operator_actions (action, about) values ('sweep', '')
              """,
              "operator",
              "by",
              " where method in ('prompts/get', 'sweep')"),
          slot("kept_for", "kept_for = interval '6 days'", "6 days"),
          slot("opened_at", "opened_at = '" + TIME + "'", TIME),
          slot("closed_at", "closed_at = '" + TIME + "'", TIME),
          new Truth(
              "audit_slot_directory.written",
              "update trunkline.audit_slots set opened_at = now() where slot = 1",
              "true",
              "written",
              " where slot = 1"),
          new Truth("session_count.living", "update trunkline.session_tally set living = 7", "7"),
          new Truth(
              "session_count.counted_at",
              "update trunkline.session_tally set counted_at = '" + TIME + "'",
              TIME),
          minute("minute", "minute = '2020-02-02 02:03Z'", "2020-02-02 02:03:00+00"),
          minute("instance_id", "instance_id = 7", "7"),
          minute("mean_micros", "micros = 48", "12"),
          minute("requests", "requests = 5", "5"),
          minute("failed", "failed = 3", "3"),
          minute("published", "published = 6", "6"),
          minute("delivered", "delivered = 9", "9"),
          minute("took", "took[12] = 2", "{4,0,0,0,0,0,0,0,0,0,0,2}"),
          new Truth(
              "audit_slot_directory.slot",
              "update trunkline.audit_slots set closed_at = now() where slot = 1",
              "0",
              "count(*) filter (where written)",
              ""),
          new Truth(
              "audit_slot_directory.lost_lately",
              "update trunkline.audit_writers set lost = 8",
              "8",
              "max(lost_lately)",
              ""),
          new Truth(
              "audit_slot_directory.bytes",
              """
              insert into trunkline.audit_records (slot, writer, number, begun_at, micros, instance_id, principal,
                                                   credential, client, method, name, outcome, run, times, revision)
              values (5, 1, 9, now(), 0, 1, 'ada', '', '', 'tools/call', 'bake', 'ok', 1, 1, '')
              """,
              "true",
              "bytes > (select b.bytes from trunkline.audit_slot_directory b where b.slot = 6)",
              " where slot = 5"));

  private static Truth minute(String column, String change, String then) {
    return new Truth(
        "minute_directory." + column, "update trunkline.instance_minutes set " + change, then);
  }

  private static Truth key(String column, String change, String then) {
    return new Truth("key_directory." + column, "update trunkline.api_keys set " + change, then);
  }

  private static Truth aswitch(String column, String change, String then) {
    return new Truth(
        "switch_directory." + column, "update trunkline.catalog_switches set " + change, then);
  }

  private static Truth rate(String column, String change, String then) {
    return new Truth("rates." + column, "update trunkline.rate_limits set " + change, then);
  }

  private static Truth record(String column, String change, String then) {
    return record(column, change, then, column);
  }

  private static Truth record(String column, String change, String then, String shown) {
    return new Truth("audit." + column, RECORDS + change, then, shown, " where by = 'client'");
  }

  private static Truth slot(String column, String change, String then) {
    return new Truth(
        "audit_slot_directory." + column,
        "update trunkline.audit_slots set " + change + " where slot = 0",
        then,
        column,
        " where slot = 0");
  }
}
