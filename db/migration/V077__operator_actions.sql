-- Purpose: what an operator does by SQL is on record: who, what, on what, when; kept for thirty days, told by one instance. And whoever
--          may only send needs no right on any table.
-- Rolling: what is recorded and what only sends runs with its owner's rights, so that an instance of the release before, or an operator,
--          whose role has no right on the new table, may go on calling it.
-- Check: select trunkline.set_enabled('tool', 'x', false); select * from trunkline.operator_actions;

create table trunkline.operator_actions (
  action_id        bigint      not null generated always as identity,
  acted_at         timestamptz not null default clock_timestamp(),
  action           text        not null,
  about            text        not null,
  by_user          text        not null default session_user,
  application_name text        not null default current_setting('application_name'),
  client_addr      inet        default inet_client_addr(),
  told_by          int,
  told_round       bigint,
  constraint operator_actions_pk primary key (action_id),
  constraint operator_actions_action_ck check (action ~ '^[a-z_]{1,63}$'),
  constraint operator_actions_about_ck check (length(about) <= 4000),
  constraint operator_actions_told_ck check ((told_by is null) = (told_round is null) and told_by > 0 and told_round > 0),
  constraint operator_actions_time_ck check (isfinite(acted_at))
);
create index operator_actions_untold_idx on trunkline.operator_actions (action_id) where told_by is null;
create index operator_actions_told_idx on trunkline.operator_actions (told_by, told_round) where told_by is not null;
create index operator_actions_age_idx on trunkline.operator_actions (acted_at);

-- Records what an operator's function has just done, in its transaction: what is undone was never done. The name is the function's;
-- what it was about is said in keys, not in ids that let somebody in, and without what anybody sent.
create function trunkline.note_action(p_action text, p_about text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_action is null or p_action !~ '^[a-z_]{1,63}$' then
    raise exception 'an action is the name of a function' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.operator_actions (action, about) values (p_action, left(coalesce(p_about, ''), 4000));
end $$;
revoke all on function trunkline.note_action(text, text) from public;

-- What was done a month ago; by nobody's decision, so that whoever serves cannot remove what is younger.
create function trunkline.forget_operator_actions(p_rows_max int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_removed int;
begin
  delete from trunkline.operator_actions
   where action_id in (
         select a.action_id from trunkline.operator_actions a
          where a.acted_at < clock_timestamp() - interval '30 days'
          order by a.acted_at limit p_rows_max for update skip locked);
  get diagnostics v_removed = row_count;
  return v_removed;
end $$;
revoke all on function trunkline.forget_operator_actions(int) from public;

-- Instances declare each other dead by a statement of their own; this is by hand, before the lease is over.
create or replace function trunkline.declare_dead(instance int) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update trunkline.instances
     set dead_at = clock_timestamp()
   where instance_id = instance and dead_at is null and left_at is null;
  if not found then
    return false;
  end if;
  perform pg_notify('trunkline_all', 'i' || instance);  -- a hint: everybody looks within a poll interval anyway
  perform trunkline.note_action('declare_dead', 'instance ' || instance);
  return true;
end $$;

create or replace function trunkline.end_session(session_id text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_key bigint;
begin
  select s.session_key into v_key from trunkline.sessions s where s.session_id = end_session.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about) values ('end_session', end_session.session_id);
    perform trunkline.note_action('end_session', 'session ' || v_key);
    return true;
  end if;
  return false;
end $$;

create or replace function trunkline.cancel_task(task_id text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_key bigint;
begin
  update trunkline.tasks t
     set status = 'cancelled', status_message = 'cancelled by SQL', updated_at = clock_timestamp(), changes = t.changes + 1
   where t.task_id = cancel_task.task_id and t.status in ('working', 'input_required')
  returning t.task_key into v_key;
  if found then
    perform trunkline.note_action('cancel_task', 'task ' || v_key);
    return true;
  end if;
  return false;
end $$;

create or replace function trunkline.trim_history(session_id text, keep int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_key     bigint;
  v_streams bigint[];
  v_trimmed int;
begin
  if keep is null or keep < 0 then
    raise exception 'keep is the number of messages to keep, 0 or more' using errcode = 'invalid_parameter_value';
  end if;
  select s.session_key into v_key from trunkline.sessions s where s.session_id = trim_history.session_id;
  v_streams := array(select t.stream_id from trunkline.streams t where t.session_key = v_key);
  v_trimmed := trunkline.trim_streams(v_streams, keep);
  if v_trimmed > 0 then
    perform trunkline.note_action('trim_history', format('session %s: %s streams keep %s messages', v_key, v_trimmed, keep));
  end if;
  return v_trimmed;
end $$;

create or replace function trunkline.set_enabled(kind text, name text, enabled boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_changed boolean;
begin
  if kind is null or kind not in ('tool', 'resource', 'template', 'prompt') then
    raise exception 'the kinds are tool, resource, template and prompt, not %', coalesce(kind, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if name is null or name = '' or octet_length(name) > 2048 then
    raise exception 'a name has 1 to 2048 bytes' using errcode = 'invalid_parameter_value';
  end if;
  if enabled is null then
    raise exception 'enabled is true or false, not null' using errcode = 'null_value_not_allowed';
  end if;
  -- both statements wait for another switch of the same feature, so what is announced is what changed; no row means on
  if enabled then
    update trunkline.catalog_switches s set enabled = true
     where s.kind = set_enabled.kind and s.name = set_enabled.name and not s.enabled;
  else
    insert into trunkline.catalog_switches as s (kind, name, enabled)
    values (set_enabled.kind, set_enabled.name, false)
    on conflict on constraint catalog_switches_pk do update set enabled = false where s.enabled;
  end if;
  v_changed := found;
  if v_changed then
    perform trunkline.list_changed(case kind when 'tool' then 'tools' when 'prompt' then 'prompts' else 'resources' end);
    perform trunkline.note_action('set_enabled', format('%s %s %s', kind, name, case when enabled then 'on' else 'off' end));
  end if;
  return v_changed;
end $$;

create or replace function trunkline.cancel_call(session_id text, request_id json) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_text    text;
  v_request text;
  v_key     bigint;
begin
  if request_id is null or json_typeof(request_id) not in ('string', 'number') then
    raise exception 'a request id is a JSON string or a number without a fraction' using errcode = 'invalid_parameter_value';
  end if;
  begin
    v_text := request_id #>> '{}';
  exception when untranslatable_character then
    v_text := null;  -- a NUL, which no text of ours can hold: only as it is spelled
  end;
  if length(coalesce(v_text, request_id::text)) > 255 then
    raise exception 'a request id has at most 255 characters' using errcode = 'invalid_parameter_value';
  end if;
  if json_typeof(request_id) = 'number' then
    if v_text !~ '^-?[0-9]+([eE][+]?[0-9]+)?$' then
      raise exception 'a request id is a JSON string or a number without a fraction' using errcode = 'invalid_parameter_value';
    end if;
    v_request := v_text;
  elsif v_text is null then
    v_request := btrim(request_id::text, e' \t\r\n');
  else
    -- as instances spell it: to_json writes the digits of \u001F in lower case
    select '"' || coalesce(string_agg(
             case when ascii(c) between 1 and 31 and ascii(c) not in (8, 9, 10, 12, 13) then '\u00' || upper(lpad(to_hex(ascii(c)), 2, '0'))
                  else substr(to_json(c)::text, 2, length(to_json(c)::text) - 2) end, '' order by n), '') || '"'
      into v_request from regexp_split_to_table(v_text, '') with ordinality as t(c, n);
  end if;
  select s.session_key into v_key from trunkline.sessions s where s.session_id = cancel_call.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('cancel_call', cancel_call.session_id, v_request);
    perform trunkline.note_action('cancel_call', 'session ' || v_key);
    return true;
  end if;
  return false;
end $$;

-- Whoever sweeps by hand is on record, with what that did; instances have sweeps of their own.
alter function trunkline.sweep() rename to sweep_round;
create function trunkline.sweep() returns table (chore text, done int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_done text[] := '{}';
begin
  for chore, done in select s.chore, s.done from trunkline.sweep_round() s loop
    if done > 0 then
      v_done := v_done || (chore || ' ' || done);
    end if;
    return next;
  end loop;
  if v_done <> '{}' then
    perform trunkline.note_action('sweep', array_to_string(v_done, ', '));
  end if;
end $$;
revoke all on function trunkline.sweep() from public;
do $$
declare
  v_role regrole;
begin
  for v_role in
    select x.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) x
     where p.oid = 'trunkline.sweep_round()'::regprocedure and x.privilege_type = 'EXECUTE' and x.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.sweep() to %s', v_role);
  end loop;
end $$;

-- Who may only send has no right on a table: neither to read one, nor to put anything else into the outbox.
alter function trunkline.send(text, text) security definer;
alter function trunkline.broadcast(text) security definer;
alter function trunkline.resource_updated(text) security definer;
alter function trunkline.list_changed(text) security definer;

-- As before; by hand, it is recorded.
create or replace function trunkline.adopt_database(p_restored boolean, p_restores integer, out base integer, out raised boolean, out restored boolean, out restores integer) returns record
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  known              trunkline.control;
  here               record;
  events_used        bigint;
  announcements_used bigint;
  next_event         bigint;
  next_announcement  bigint;
  prefix             bigint;
  never_reached      bigint := 50000 * extract(epoch from clock_timestamp() - timestamptz '2026-01-01 00:00:00+00')::bigint;
  drawn              record;
  gap                bigint;
begin
  -- The lock lets two instances that start together do it once. Publishing reads the row and does not wait.
  select * into known from trunkline.control for no key update;
  if not found then
    raise exception 'trunkline.control has no row; select trunkline.mend_control()';
  end if;
  restored := not trunkline.is_home() or (p_restored and (p_restores < 0 or known.restores <= p_restores));
  restores := known.restores;
  here := trunkline.place();
  update trunkline.control c
     set system_id = coalesce(here.system_id, c.system_id), database_id = here.database_id,
         server_started = pg_postmaster_start_time()
   where (coalesce(here.system_id, c.system_id), here.database_id, pg_postmaster_start_time())
         is distinct from (c.system_id, c.database_id, c.server_started);

  events_used := known.id_high;
  -- Rows that nobody can have written do not count: they would use up all bases there are.
  select coalesce(max(id), 0) into announcements_used from trunkline.announcements where id >> 47 < 32768;
  prefix := (known.id_base + trunkline.timeline()) << 47;
  select prefix | (last_value + is_called::int) into next_event from trunkline.event_seq;
  select prefix | (last_value + is_called::int) into next_announcement from trunkline.announcement_seq;
  raised := restored or next_event <= events_used or next_announcement <= announcements_used;
  base := known.id_base;
  if not raised then
    return;
  end if;
  base := (greatest(events_used, announcements_used, prefix) >> 47) - trunkline.timeline()
          + case when restored then 16 else 1 end;
  if base + trunkline.timeline() > 32767 then
    raise exception 'event ids are used up: base % and timeline % exceed 32767', base, trunkline.timeline();
  end if;
  update trunkline.control set id_base = base;
  if not restored then
    return;
  end if;

  restores := greatest(known.restores, p_restores) + 1;
  update trunkline.control c
     set restores = adopt_database.restores, restored_at = clock_timestamp(), epoch_floor = greatest(c.epoch_floor, never_reached);
  for drawn in
    select s.seqrelid::regclass as name, coalesce(pg_sequence_last_value(s.seqrelid), 0) as last, s.seqtypid = 'bigint'::regtype as is_big
      from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = 'trunkline'::regnamespace
  loop
    -- The numbers of instances are few, and stand above bit 32 of ids that JavaScript keeps exact up to bit 53.
    perform setval(drawn.name, case when drawn.is_big then greatest(drawn.last, never_reached)
                                    else drawn.last + 500 + (random() * 500)::int end);
  end loop;
  update trunkline.instances set dead_at = clock_timestamp() where dead_at is null and left_at is null;
  perform from trunkline.announcement_lock for no key update;
  insert into trunkline.announcements (id, kind)
  values (trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'database_restored')
  returning id into gap;
  update trunkline.control set announcement_floor = gap;
  perform pg_notify('trunkline_all', 'n1 i0');
  if p_restores < 0 then  -- no instance says so
    perform trunkline.note_action('adopt_database', 'restore ' || restores);
  end if;
end $$;

create or replace function trunkline.mend_control() returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_done     text[] := '{}';
  v_control  trunkline.control;
  v_created  boolean;
  v_events   bigint;
  v_used     bigint;
  v_newest   bigint;
  v_base     int;
  v_slot     smallint;
  v_floor    bigint;
begin
  insert into trunkline.control default values on conflict do nothing;
  v_created := found;
  if v_created then
    v_done := v_done || 'control had no row'::text;
  end if;
  select * into v_control from trunkline.control for no key update;
  insert into trunkline.announcement_lock default values on conflict do nothing;
  if found then
    v_done := v_done || 'announcement_lock had no row'::text;
  end if;

  select greatest(v_control.id_high, coalesce(max(m.event_id), 0)) into v_events from trunkline.outbound_messages m;
  -- what nobody can have drawn does not count; the upper half of all ids was never reached by anybody
  select coalesce(max(a.id), 0) into v_newest from trunkline.announcements a where a.id >> 47 < 32768;
  v_base := greatest(v_control.id_base, 0);
  v_used := greatest(v_events, v_newest);
  if v_created or v_control.id_base < 0 then
    v_base := greatest(v_base, (v_used >> 47) - trunkline.timeline() + 1);
    v_done := v_done || format('id_base %s instead of %s', v_base, v_control.id_base);
  end if;

  v_slot := v_control.current_slot;
  if v_created or v_slot not between 0 and 7 then
    v_slot := coalesce((select m.slot from trunkline.outbound_messages m order by m.event_id desc limit 1), 0);
    v_done := v_done || format('current_slot %s instead of %s', v_slot, v_control.current_slot);
  end if;

  v_floor := v_control.announcement_floor;
  if v_created then
    -- which are gone is not known: below the oldest that is kept, all
    v_floor := coalesce((select min(a.id) - 1 from trunkline.announcements a), 0);
  elsif v_floor > v_newest or v_floor < 0 then
    v_floor := v_newest;
    v_done := v_done || format('announcement_floor %s instead of %s', v_floor, v_control.announcement_floor);
  end if;

  if v_done = '{}' then
    return 'nothing to mend';
  end if;
  update trunkline.control
     set id_base = v_base, current_slot = v_slot, announcement_floor = v_floor, id_high = greatest(id_high, v_events);
  if v_created then
    -- which restores there were is gone with the row, so this counts as one; the function comes with V030
    perform trunkline.adopt_database(true, -1);
  end if;
  perform trunkline.note_action('mend_control', array_to_string(v_done, ', '));
  return 'mended: ' || array_to_string(v_done, ', ');
end $$;
