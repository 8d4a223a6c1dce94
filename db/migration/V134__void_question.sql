-- Purpose: an operator takes a question back that nobody will answer, so that its call goes on without waiting for the deadline.
-- Rolling: a new function. An asker of the release before goes on as well; it does not tell its client that the question is void.
-- Check: select trunkline.void_question(0);   -- false

-- A task's question is passed on whenever somebody asks for the task's result; cancel_task ends it.
create function trunkline.void_question(question bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_asker int;
begin
  update trunkline.pending_requests p set outcome = 'expired', settled_at = clock_timestamp()
   where p.pending_id = question and p.outcome is null and p.task_input is null
  returning p.asker into v_asker;
  if not found then
    return false;
  end if;
  perform trunkline.ring('trunkline_' || v_asker, 'a' || question);  -- a hint: it looks with each poll anyway
  perform trunkline.note_action('void_question', 'question ' || question);
  return true;
end $$;

comment on function trunkline.void_question(bigint) is 'takes a question of a call back as if its deadline had passed; false: no such question waits';

-- Whoever may cancel a task may do this.
revoke all on function trunkline.void_question(bigint) from public;
do $$
declare
  v_role text;
begin
  for v_role in
    select x.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) x
     where p.oid = 'trunkline.cancel_task(text)'::regprocedure and x.privilege_type = 'EXECUTE' and x.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.void_question(bigint) to %s', v_role);
  end loop;
end $$;
