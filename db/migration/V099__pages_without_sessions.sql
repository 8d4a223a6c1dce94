-- Purpose: a web page that a user is sent to by a request that has no session (MCP 2026-07-28): it belongs to its principal alone, and
--          nobody is notified when it is completed, but whoever waits for it is woken.
-- Rolling: the former release opens pages of sessions only, and its functions and statements leave the others alone.
-- Check: select is_nullable from information_schema.columns where table_schema = 'trunkline' and table_name = 'url_elicitations' and column_name = 'session_key';   -- YES

alter table trunkline.url_elicitations alter column session_key drop not null;
comment on column trunkline.url_elicitations.session_key is
  'whose client is notified of the completion, sessions.session_key; null: it was asked without a session';

-- The row in the outbox wakes all that wait; without a session it is for nobody, and dropped when it is moved on.
create or replace function trunkline.complete_elicitation(elicitation_id text, principal text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_session text;
begin
  update trunkline.url_elicitations e set completed_at = clock_timestamp()
   where e.elicitation_id = complete_elicitation.elicitation_id and e.principal = complete_elicitation.principal
     and e.completed_at is null and e.expires_at > clock_timestamp()
     and (e.session_key is null
          or exists (select from trunkline.sessions s where s.session_key = e.session_key and s.ended_at is null))
  returning (select s.session_id from trunkline.sessions s where s.session_key = e.session_key) into v_session;
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, about, payload)
  values ('elicitation_completed', coalesce(v_session, ''),
          '{"jsonrpc":"2.0","method":"notifications/elicitation/complete",'
          '"params":{"elicitationId":"' || elicitation_id || '"}}');
  return true;
end $$;
