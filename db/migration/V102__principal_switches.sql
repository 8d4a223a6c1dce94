-- Purpose: a feature is switched off or on for one principal, over the general switch; only those whose list that changes are told.
-- Rolling: an instance of the release before does not know the table: for it the general switches count alone. It calls set_enabled with three
--          arguments as before, and tells every client of a change that is about one principal, which does no harm.
-- Check: select trunkline.set_enabled('tool', 'surprise', false, principal => 'ada'); select * from trunkline.switch_directory;

create table trunkline.principal_switches (
  principal text    not null,
  kind      text    not null,
  name      text    not null,
  enabled   boolean not null,
  constraint principal_switches_pk primary key (principal, kind, name),
  constraint principal_switches_kind_ck check (kind in ('tool', 'resource', 'template', 'prompt')),
  constraint principal_switches_texts_ck check (octet_length(principal) between 1 and 2048 and octet_length(name) between 1 and 2048
                                                and octet_length(principal) + octet_length(name) <= 2500)
);
-- Whether a list depends on who asks.
create index principal_switches_kind_idx on trunkline.principal_switches (kind);

create view trunkline.switch_directory as
select s.kind, s.name, null::text as principal, s.enabled from trunkline.catalog_switches s
 union all
select p.kind, p.name, p.principal, p.enabled from trunkline.principal_switches p;

alter function trunkline.set_enabled(text, text, boolean) rename to set_enabled_for_all;

-- Takes part in the caller's transaction; true: this changed a switch. Without a principal for everybody, as before; with one for that one
-- alone, whatever the general switch says; null instead of true or false takes its own switch back. Who is told is whoever lists something
-- else than before: a switch of one's own that says what the general one says changes no list, and when the general one changes everybody
-- is told.
create function trunkline.set_enabled(kind text, name text, enabled boolean, principal text default null) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_changed boolean;
  v_general boolean;
  v_before  boolean;
  v_list    text;
begin
  if kind is null or kind not in ('tool', 'resource', 'template', 'prompt') then
    raise exception 'the kinds are tool, resource, template and prompt, not %', coalesce(kind, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if name is null or name = '' or octet_length(name) > 2048 then
    raise exception 'a name has 1 to 2048 bytes' using errcode = 'invalid_parameter_value';
  end if;
  v_list := case kind when 'tool' then 'tools' when 'prompt' then 'prompts' else 'resources' end;
  if principal is null then
    if enabled is null then
      raise exception 'enabled is true or false, not null; null takes back the switch of one principal'
        using errcode = 'null_value_not_allowed';
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
      perform trunkline.list_changed(v_list);
      perform trunkline.note_action('set_enabled', format('%s %s %s', kind, name, case when enabled then 'on' else 'off' end));
    end if;
    return v_changed;
  end if;

  if principal = '' or octet_length(principal) > 2048 or octet_length(principal) + octet_length(name) > 2500 then
    raise exception 'a principal has 1 to 2048 bytes, and 2500 together with the name' using errcode = 'invalid_parameter_value';
  end if;
  select p.enabled into v_before from trunkline.principal_switches p
   where p.principal = set_enabled.principal and p.kind = set_enabled.kind and p.name = set_enabled.name for update;
  if not found and enabled is not null
     and (select count(*) from (select from trunkline.principal_switches limit 10000) n) = 10000 then
    raise exception 'there are 10000 switches of principals, which is all that instances keep; decide by visibleTo, or take some back'
      using errcode = 'program_limit_exceeded';
  end if;
  if enabled is null then
    delete from trunkline.principal_switches p
     where p.principal = set_enabled.principal and p.kind = set_enabled.kind and p.name = set_enabled.name;
  else
    insert into trunkline.principal_switches as p (principal, kind, name, enabled)
    values (set_enabled.principal, set_enabled.kind, set_enabled.name, set_enabled.enabled)
    on conflict on constraint principal_switches_pk do update set enabled = excluded.enabled where p.enabled <> excluded.enabled;
  end if;
  v_changed := found;
  if v_changed then
    select s.enabled into v_general from trunkline.catalog_switches s where s.kind = set_enabled.kind and s.name = set_enabled.name;
    v_general := coalesce(v_general, true);
    if coalesce(v_before, v_general) <> coalesce(enabled, v_general) then
      insert into trunkline.outbox (kind, about, payload)
      values (v_list || '_changed', principal, '{"jsonrpc":"2.0","method":"notifications/' || v_list || '/list_changed"}');
    end if;
    -- a hash, as purge() writes it: the record outlives what is known of a person
    perform trunkline.note_action('set_enabled', format('%s %s %s for principal %s', kind, name,
      case when enabled then 'on' when not enabled then 'off' else 'as for all' end,
      left(encode(sha256(convert_to(principal, 'UTF8')), 'hex'), 16)));
  end if;
  return v_changed;
end $$;
revoke all on function trunkline.set_enabled(text, text, boolean, text) from public;

-- purge(), as it is, and the switches, with what was announced of them; never the newest row, which says where the log ends.
-- The function that there is goes on under another name, by which it has to call its own arguments.
do $$
begin
  execute regexp_replace(replace(pg_get_functiondef('trunkline.purge(text, int)'::regprocedure),
                                 'trunkline.purge(', 'trunkline.purge_all_but_switches('),
                         '\mpurge\.', 'purge_all_but_switches.', 'g');
end $$;
revoke all on function trunkline.purge_all_but_switches(text, int) from public;
create or replace function trunkline.purge(principal text, rows_max int default 1000) returns table (what text, removed int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_max      constant int := least(greatest(coalesce(rows_max, 0), 0), 100000);
  v_switches int;
  v_left     int;
begin
  delete from trunkline.principal_switches
   where (principal_switches.principal, kind, name) in (
         select p.principal, p.kind, p.name from trunkline.principal_switches p
          where p.principal = purge.principal order by p.principal, p.kind, p.name limit v_max for update skip locked);
  get diagnostics v_switches = row_count;
  delete from trunkline.announcements
   where id in (
         select a.id from trunkline.announcements a
          where a.kind in ('tools_changed', 'resources_changed', 'prompts_changed') and a.about = purge.principal
            and a.id < trunkline.newest_announcement()
          order by a.id limit v_max for update skip locked);
  if v_switches > 0 then
    perform trunkline.list_changed(l) from unnest(array['tools', 'resources', 'prompts']) l;  -- so that instances read again
    perform trunkline.note_action('purge', format('principal %s: principal_switches %s',
      left(encode(sha256(convert_to(purge.principal, 'UTF8')), 'hex'), 16), v_switches));
  end if;
  select count(*) into v_left from (select from trunkline.principal_switches p where p.principal = purge.principal limit 1000000) n;
  for what, removed in select r.what, r.removed from trunkline.purge_all_but_switches(purge.principal, purge.rows_max) r loop
    if what = 'left' then
      v_left := v_left + removed;
    else
      return next;
    end if;
  end loop;
  return query values ('principal_switches', v_switches), ('left', v_left);
end $$;

-- Whoever may serve may go on without db/role/app.sql.
do $$
declare
  v_role name;
begin
  for v_role in
    select r.rolname
      from pg_proc p cross join lateral aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where p.oid = 'trunkline.set_enabled_for_all(text, text, boolean)'::regprocedure
       and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.set_enabled(text, text, boolean, text) to %I', v_role);
    execute format('grant select on trunkline.principal_switches to %I', v_role);
  end loop;
end $$;
drop function trunkline.set_enabled_for_all(text, text, boolean);

comment on table trunkline.principal_switches is 'features that are off or on for one principal, over catalog_switches';
comment on view trunkline.switch_directory is 'for people: what was switched off or on, for everybody (no principal) or for one';
comment on column trunkline.principal_switches.principal is 'for whom it is so';
comment on column trunkline.principal_switches.kind is 'tool, resource, template or prompt';
comment on column trunkline.principal_switches.name is 'its name, URI or pattern';
comment on column trunkline.principal_switches.enabled is 'whether it is on, whatever it is for the others';
comment on column trunkline.switch_directory.kind is 'tool, resource, template or prompt';
comment on column trunkline.switch_directory.name is 'its name, URI or pattern';
comment on column trunkline.switch_directory.principal is 'for whom it is so; null: for everybody without a switch of their own';
comment on column trunkline.switch_directory.enabled is 'whether it is on; no row: it is';
comment on function trunkline.set_enabled(text, text, boolean, text) is
  'switches a feature off or on, for everybody or for one principal; false: it was so already';
comment on function trunkline.purge(text, int) is 'removes everything about one person, one step of it; repeat until left is 0';
comment on function trunkline.purge_all_but_switches(text, int) is 'a part of purge: all but the switches';
