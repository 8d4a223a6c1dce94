-- Purpose: all who open a session at the same time are opened by one insert of sessions and one of streams. open_session, called for each of
--          them by one statement, made two inserts, a setting and five look-ups of its own: PostgreSQL had three times as much to do.
-- Rolling: a further function. Instances of the release before go on calling open_session; both take the same locks of principals.
-- Check: select count(*) from pg_proc where proname = 'open_sessions' and pronamespace = 'trunkline'::regnamespace;   -- 1

-- The arrays have one element for each. Answers those that were opened: the others' principals have as many as they may have.
create function trunkline.open_sessions(p_ids text[], p_revisions text[], p_principals text[], p_capabilities text[], p_clients text[],
                                        p_maxima int[], p_toolsets text[])
  returns table (ord bigint, session_key bigint, stream_id bigint, announced_from bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_principal text;
  v_refused   bigint[] := '{}';
  v_from      bigint;
begin
  if 0 < any (p_maxima) then
    -- two instances that open for one principal count one after the other; in the order of principals, so that they wait in one order
    for v_principal in
      select distinct a.principal collate "C" from unnest(p_principals, p_maxima) a(principal, most) where a.most > 0 order by 1
    loop
      perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || v_principal, 0));
    end loop;
    -- a statement of its own, which sees what those have committed that were waited for
    with asked as (
           select a.principal, a.most, a.ord, row_number() over (partition by a.principal order by a.ord) as place
             from unnest(p_principals, p_maxima) with ordinality a(principal, most, ord) where a.most > 0),
         living as (
           select p.principal,
                  (select count(*) from (select from trunkline.sessions s
                                          where s.principal = p.principal and s.ended_at is null limit p.most) l) as living
             from (select a.principal, max(a.most) as most from asked a group by a.principal) p)
    select coalesce(array_agg(a.ord), '{}') into v_refused
      from asked a join living l on l.principal = a.principal where l.living + a.place > a.most;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  v_from := trunkline.newest_announcement();
  return query
    with opened as (
           insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from, toolset)
           select a.id, a.revision, a.principal, a.capabilities, a.client, v_from, a.toolset
             from unnest(p_ids, p_revisions, p_principals, p_capabilities, p_clients, p_toolsets) with ordinality
                    a(id, revision, principal, capabilities, client, toolset, ord)
            where a.ord <> all (v_refused)
            order by a.id collate "C"   -- of ids that two repeat, both wait in one order
           returning s.session_key, s.session_id),
         their_own as (
           insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
           select o.session_key, true, 0, v_from from opened o
           returning t.session_key, t.stream_id)
    select a.ord, o.session_key, t.stream_id, v_from
      from unnest(p_ids) with ordinality a(id, ord)
      join opened o on o.session_id = a.id
      join their_own t on t.session_key = o.session_key;
end $$;
revoke all on function trunkline.open_sessions(text[], text[], text[], text[], text[], int[], text[]) from public;

do $$
declare
  v_role name;
begin
  for v_role in
    select r.rolname
      from pg_proc p cross join lateral aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where p.oid = 'trunkline.open_session(text, text, text, text, text, int, text)'::regprocedure
       and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.open_sessions(text[], text[], text[], text[], text[], int[], text[]) to %I', v_role);
  end loop;
end $$;
comment on function trunkline.open_sessions(text[], text[], text[], text[], text[], int[], text[]) is
  'opens sessions with their standalone streams, all who ask at the same time';
