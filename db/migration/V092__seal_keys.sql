-- Purpose: the keys under which instances seal what a client carries from one to the next (the requestState of 2026-07-28). A key is in the
--          table for a minute before any instance seals with it, so that each has read it, and stays until what it has sealed is over.
-- Rolling: a new table that an instance of the release before never looks at; sweep() keeps it, and the baton of the new release.
-- Check: select trunkline.rotate_seal_key(); select key_id, created_at, usable_at from trunkline.seal_keys;

create table trunkline.seal_keys (
  key_id     uuid        not null default gen_random_uuid(),
  key        bytea       not null,
  created_at timestamptz not null default clock_timestamp(),
  usable_at  timestamptz not null,
  constraint seal_keys_pk primary key (key_id),
  constraint seal_keys_key_ck check (octet_length(key) = 32),
  constraint seal_keys_times_ck check (isfinite(created_at) and isfinite(usable_at))
);

-- One key more, unless one waits already for its time. Three random uuids have 366 random bits, of which the digest keeps 256. The very first
-- is usable at once: nobody has another, and who has not read it reads when it meets its id.
create function trunkline.make_seal_key(out key_id uuid, out usable_at timestamptz, out made boolean) returns record
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  select k.key_id, k.usable_at, false into key_id, usable_at, made from trunkline.seal_keys k
   where k.usable_at > v_now and k.usable_at <= v_now + interval '1 minute'
   order by k.usable_at desc, k.key_id limit 1;
  if found then
    return;
  end if;
  insert into trunkline.seal_keys as k (key, created_at, usable_at)
  select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), v_now,
         case when exists (select from trunkline.seal_keys) then v_now + interval '1 minute' else v_now end
  returning k.key_id, k.usable_at, true into key_id, usable_at, made;
end $$;
revoke all on function trunkline.make_seal_key() from public;

-- For operators; when it is asked again within the minute it answers the same.
create function trunkline.rotate_seal_key() returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_made record;
begin
  select * into v_made from trunkline.make_seal_key();
  if v_made.made then
    perform trunkline.note_action('rotate_seal_key', 'key ' || v_made.key_id);
  end if;
  return v_made.usable_at;
end $$;
revoke all on function trunkline.rotate_seal_key() from public;

-- The ages are nobody's to choose: whoever serves can neither use a key up nor remove one that is needed. A day in use; two days more, since
-- what is sealed holds for a day at most (SealPolicy), and who has not read the ring for a day seals no more.
create function trunkline.keep_seal_keys(p_rows_max int) returns table (chore text, done int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  chore := 'seal keys made';
  done := 0;
  if not exists (select from trunkline.seal_keys k
                  where k.created_at between v_now - interval '24 hours' and v_now + interval '1 hour') then
    select case when m.made then 1 else 0 end into done from trunkline.make_seal_key() m;
  end if;
  return next;
  chore := 'seal keys removed';
  delete from trunkline.seal_keys
   where key_id in (
         select k.key_id from trunkline.seal_keys k
          where k.usable_at < (select max(n.usable_at) from trunkline.seal_keys n where n.usable_at < v_now - interval '48 hours')
          order by k.key_id limit p_rows_max for update skip locked);
  get diagnostics done = row_count;
  return next;
end $$;
revoke all on function trunkline.keep_seal_keys(int) from public;

select from trunkline.make_seal_key();

-- As before, and the keys.
create or replace function trunkline.sweep() returns table (chore text, done int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_done text[] := '{}';
begin
  for chore, done in
    select s.chore, s.done from trunkline.sweep_round() s
     union all
    select k.chore, k.done from trunkline.keep_seal_keys(1000) k
  loop
    if done > 0 then
      v_done := v_done || (chore || ' ' || done);
    end if;
    return next;
  end loop;
  if v_done <> '{}' then
    perform trunkline.note_action('sweep', array_to_string(v_done, ', '));
  end if;
end $$;

comment on table trunkline.seal_keys is 'the keys under which instances seal what a client carries; whoever reads one can forge that';
comment on column trunkline.seal_keys.key_id is 'is in what was sealed under the key';
comment on column trunkline.seal_keys.key is 'of AES-256-GCM';
comment on column trunkline.seal_keys.created_at is 'when it was made; a day later another one is';
comment on column trunkline.seal_keys.usable_at is 'from when on instances seal with it, and no more with those before; these go two days later';
comment on function trunkline.make_seal_key() is 'a new key, unless one waits for its time';
comment on function trunkline.rotate_seal_key() is 'makes a new key for sealing; returns when it will be used, a minute later';
comment on function trunkline.keep_seal_keys(int) is 'makes a key when the newest is a day old, and removes those that nothing needs';
