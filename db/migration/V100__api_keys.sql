-- Purpose: API keys, for clients that cannot do OAuth: who the bearer is, what it may do, until when. Of the key itself only its SHA-256 is
--          kept, so that nobody who reads the table, or a backup of it, can use one.
-- Rolling: a new table that an instance of the release before never looks at; its tokens and headers go on. The wake-up of the topic 'k' is
--          a word that it skips. sweep() and purge() do what they did, and something more.
-- Check: select trunkline.issue_key('nobody'); select * from trunkline.key_directory; select trunkline.purge('nobody');

create table trunkline.api_keys (
  key_id       bigint      not null generated always as identity,
  sha256       bytea       not null,
  principal    text        not null,
  scopes       text[]      not null default '{}',
  created_at   timestamptz not null default clock_timestamp(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  constraint api_keys_pk primary key (key_id),
  constraint api_keys_sha256_uk unique (sha256),
  constraint api_keys_sha256_ck check (octet_length(sha256) = 32),
  constraint api_keys_principal_ck check (length(principal) between 1 and 4096 and principal <> 'anonymous'),
  constraint api_keys_scopes_ck check (cardinality(scopes) <= 100 and array_position(scopes, null) is null
                                       and octet_length(array_to_string(scopes, ' ')) <= 20000),
  constraint api_keys_times_ck check (isfinite(created_at) and isfinite(expires_at) and isfinite(revoked_at) and isfinite(last_used_at))
);
create index api_keys_principal_idx on trunkline.api_keys (principal);
-- By the end, whichever comes first; null for a key that never ends.
create index api_keys_ended_idx on trunkline.api_keys (least(revoked_at, expires_at)) where least(revoked_at, expires_at) is not null;

-- Issues a key and answers it, this one time. Three random uuids have 366 random bits, of which the digest keeps 256. The number in it is
-- the key's id, so that whoever finds one, in a log or a repository, can revoke it.
create function trunkline.issue_key(principal text, scopes text[] default '{}', expires timestamptz default null) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id     bigint;
  v_key    text;
  v_scopes text[];
begin
  if issue_key.principal is null or issue_key.principal !~ '^[^[:space:][:cntrl:]]+( [^[:space:][:cntrl:]]+)*$' or length(issue_key.principal) > 1000 then
    raise exception 'a principal is a name of 1 to 1000 visible characters, with single spaces between' using errcode = 'invalid_parameter_value';
  end if;
  if issue_key.principal = 'anonymous' then
    raise exception 'anonymous is everybody who was not asked who they are: a key is somebody''s' using errcode = 'invalid_parameter_value';
  end if;
  v_scopes := coalesce(issue_key.scopes, '{}');
  if array_ndims(v_scopes) > 1 or cardinality(v_scopes) > 100
     or exists (select from unnest(v_scopes) s where s is null or s !~ '^[\x21\x23-\x5B\x5D-\x7E]+$' or length(s) > 200) then
    raise exception 'scopes are up to 100 words of up to 200 characters, without blanks, quotes and backslashes (RFC 6749, section 3.3)'
      using errcode = 'invalid_parameter_value';
  end if;
  if not isfinite(issue_key.expires) or issue_key.expires <= clock_timestamp() then
    raise exception 'a key expires in the future, or never where no time is given; not at %', issue_key.expires
      using errcode = 'invalid_parameter_value';
  end if;
  v_id := nextval(pg_get_serial_sequence('trunkline.api_keys', 'key_id'));
  v_key := 'tk_' || v_id || '_' || translate(encode(
             sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'), '+/=', '-_');
  insert into trunkline.api_keys (key_id, sha256, principal, scopes, expires_at) overriding system value
  values (v_id, sha256(convert_to(v_key, 'UTF8')), issue_key.principal,
          array(select distinct s from unnest(v_scopes) s order by s), issue_key.expires);
  perform trunkline.note_action('issue_key', 'key ' || v_id);
  return v_key;
end $$;
revoke all on function trunkline.issue_key(text, text[], timestamptz) from public;

-- Ends a key, everywhere, within a second of the commit. true: this ended it; false: there is none of this number that was not ended so.
create function trunkline.revoke_key(key_id bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update trunkline.api_keys k set revoked_at = clock_timestamp() where k.key_id = revoke_key.key_id and k.revoked_at is null;
  if not found then
    return false;
  end if;
  perform trunkline.ring('trunkline_all', 'k0');  -- a hint: who knows a key looks once a second anyway
  perform trunkline.note_action('revoke_key', 'key ' || revoke_key.key_id);
  return true;
end $$;
revoke all on function trunkline.revoke_key(bigint) from public;

-- A month after its end, whose key it was is of no interest any more.
create function trunkline.forget_api_keys(p_rows_max int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_removed int;
begin
  delete from trunkline.api_keys
   where key_id in (
         select k.key_id from trunkline.api_keys k
          where least(k.revoked_at, k.expires_at) < (select clock_timestamp() - interval '30 days')
          order by least(k.revoked_at, k.expires_at) limit p_rows_max for update skip locked);
  get diagnostics v_removed = row_count;
  return v_removed;
end $$;
revoke all on function trunkline.forget_api_keys(int) from public;

create view trunkline.key_directory as
select k.key_id, k.principal, k.scopes, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
       case when k.revoked_at is not null then 'revoked'
            when k.expires_at <= clock_timestamp() then 'expired'
            else 'living' end as state
  from trunkline.api_keys k;

-- sweep(), as it is, and the keys.
do $$
declare
  c_last constant text := 'select k.chore, k.done from trunkline.keep_seal_keys(1000) k';
  v_body text := pg_get_functiondef('trunkline.sweep()'::regprocedure);
begin
  if strpos(v_body, c_last) = 0 then
    raise exception 'trunkline.sweep() is not the one that is known';
  end if;
  execute replace(v_body, c_last, c_last || e'\n     union all\n    select ''api keys removed'', trunkline.forget_api_keys(1000)');
end $$;

-- purge(), as it is, and the keys first: who was let in by one comes back no more.
do $$
begin
  execute regexp_replace(replace(pg_get_functiondef('trunkline.purge(text, int)'::regprocedure), 'trunkline.purge(', 'trunkline.purge_rows('),
                         '\mpurge\.', 'purge_rows.', 'g');
end $$;
revoke all on function trunkline.purge_rows(text, int) from public;
create or replace function trunkline.purge(principal text, rows_max int default 1000) returns table (what text, removed int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_keys int;
  v_left int;
begin
  delete from trunkline.api_keys
   where key_id in (
         select k.key_id from trunkline.api_keys k
          where k.principal = purge.principal order by k.key_id limit least(greatest(rows_max, 0), 100000) for update skip locked);
  get diagnostics v_keys = row_count;
  select count(*) into v_left from (select from trunkline.api_keys k where k.principal = purge.principal limit 1000000) n;
  if v_keys > 0 then
    perform trunkline.ring('trunkline_all', 'k0');
    perform trunkline.note_action('purge', format('principal %s: api_keys %s',
      left(encode(sha256(convert_to(purge.principal, 'UTF8')), 'hex'), 16), v_keys));
  end if;
  for what, removed in select r.what, r.removed from trunkline.purge_rows(purge.principal, purge.rows_max) r loop
    if what = 'left' then
      v_left := v_left + removed;
    else
      return next;
    end if;
  end loop;
  return query values ('api_keys', v_keys), ('left', v_left);
end $$;
comment on table trunkline.api_keys is 'a key that lets its bearer in; of the key itself only the SHA-256';
comment on sequence trunkline.api_keys_key_id_seq is 'numbers of keys';
comment on column trunkline.api_keys.key_id is 'what revoke_key takes; it stands in the key as well';
comment on column trunkline.api_keys.sha256 is 'of the whole key, as it is sent';
comment on column trunkline.api_keys.principal is 'whose requests they are';
comment on column trunkline.api_keys.scopes is 'what its bearer may do';
comment on column trunkline.api_keys.created_at is 'when it was issued';
comment on column trunkline.api_keys.expires_at is 'from when on it is no good; null: until it is revoked';
comment on column trunkline.api_keys.revoked_at is 'since when it is no good; null: it is, until it expires';
comment on column trunkline.api_keys.last_used_at is 'when it was used, give or take a minute; null: never';
comment on view trunkline.key_directory is 'the keys, without what would let anybody in';
comment on column trunkline.key_directory.key_id is 'what revoke_key takes; it stands in the key as well';
comment on column trunkline.key_directory.principal is 'whose requests they are';
comment on column trunkline.key_directory.scopes is 'what its bearer may do';
comment on column trunkline.key_directory.created_at is 'when it was issued';
comment on column trunkline.key_directory.expires_at is 'from when on it is no good; null: until it is revoked';
comment on column trunkline.key_directory.revoked_at is 'since when it is no good; null: it is, until it expires';
comment on column trunkline.key_directory.last_used_at is 'when it was used, give or take a minute; null: never';
comment on column trunkline.key_directory.state is 'living, expired or revoked; a month after the end it is removed';
comment on function trunkline.issue_key(text, text[], timestamptz) is 'a new key of this principal, printed this one time';
comment on function trunkline.revoke_key(bigint) is 'ends a key on every instance within a second, and the streams that were opened with it; true: this ended it';
comment on function trunkline.forget_api_keys(int) is 'removes keys that ended a month ago';
comment on function trunkline.purge(text, int) is 'one step of the removal of everything about one person; called until left is 0';
comment on function trunkline.purge_rows(text, int) is 'a part of purge: all but the keys';
