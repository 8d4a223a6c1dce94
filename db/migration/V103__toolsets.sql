-- Purpose: a session belongs to the part of the catalog, the toolset, that it was opened with.
-- Rolling: a column that may be null, and an argument that may be missing: an instance of the release before opens sessions of the whole. It
--          knows no path but /mcp, where it serves any session as one of the whole: give clients the new paths when it is gone.
-- Check: select count(*) from trunkline.sessions where toolset is not null;

alter table trunkline.sessions add column toolset text;   -- null: the whole
alter table trunkline.sessions
  add constraint sessions_toolset_ck check (toolset ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$') not valid;
alter table trunkline.sessions validate constraint sessions_toolset_ck;
comment on column trunkline.sessions.toolset is 'the part of the catalog that it was opened with; null: the whole';

alter function trunkline.open_session(text, text, text, text, text, int) rename to open_session_of_all;

create function trunkline.open_session(p_id text, p_revision text, p_principal text, p_capabilities text, p_client text,
                                       p_principal_max int, p_toolset text default null,
                                       out session_key bigint, out stream_id bigint, out announced_from bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform trunkline.id_prefix();
  if p_principal_max > 0 then
    -- two instances that open for one principal count one after the other
    perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || p_principal, 0));
    perform from trunkline.sessions s where s.principal = p_principal and s.ended_at is null offset p_principal_max - 1 limit 1;
    if found then
      return;
    end if;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  announced_from := trunkline.newest_announcement();
  insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from, toolset)
  values (p_id, p_revision, p_principal, p_capabilities, p_client, open_session.announced_from, p_toolset)
  returning s.session_key into open_session.session_key;
  insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
  values (open_session.session_key, true, 0, open_session.announced_from)
  returning t.stream_id into open_session.stream_id;
end $$;
revoke all on function trunkline.open_session(text, text, text, text, text, int, text) from public;

do $$
declare
  v_role name;
begin
  for v_role in
    select r.rolname
      from pg_proc p cross join lateral aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where p.oid = 'trunkline.open_session_of_all(text, text, text, text, text, int)'::regprocedure
       and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.open_session(text, text, text, text, text, int, text) to %I', v_role);
  end loop;
end $$;
drop function trunkline.open_session_of_all(text, text, text, text, text, int);
comment on function trunkline.open_session(text, text, text, text, text, int, text) is
  'opens a session with its standalone stream';
