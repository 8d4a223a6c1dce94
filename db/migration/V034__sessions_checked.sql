-- Purpose: refuses sessions that no release can read.
-- Rolling: checks that every release keeps. A later reason for an end needs a migration before the release that writes it.
-- Check: update trunkline.sessions set log_level = 'loud'; is refused.

alter table trunkline.sessions
  add constraint sessions_numbers_ck check (session_key > 0 and announced_from >= 0 and roots_version >= 0 and roots_asked >= 0) not valid,
  add constraint sessions_times_ck check (isfinite(created_at) and isfinite(last_used_at) and isfinite(ended_at)) not valid,
  add constraint sessions_end_reason_ck
    check (end_reason in ('client', 'server', 'unused', 'idle', 'lifetime over', 'ended by SQL')) not valid,
  add constraint sessions_log_level_ck
    check (log_level in ('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency')) not valid,
  add constraint sessions_texts_ck
    check (revision ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and length(principal) between 1 and 4096
           and octet_length(capabilities) <= 268435456 and left(capabilities, 1) = '{'
           and octet_length(client) <= 268435456 and left(client, 1) = '{'
           and octet_length(roots) <= 268435456 and left(roots, 1) = '[') not valid;
