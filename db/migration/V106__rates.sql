-- Purpose: how often a principal, a tool, and a principal a tool may call, over all instances: the rates that operators set, and the buckets
--          from which instances take tokens in portions.
-- Rolling: new tables that an instance of the release before never looks at: it limits nothing, and the others limit what they serve.
--          Whichever release moves the outbox on, it does so by the function below, and passes over an announcement it does not know.
-- Check: select trunkline.set_rate('principal', '*', '100/s'); select * from trunkline.rates;

create table trunkline.rate_limits (
  scope     text        not null,
  principal text        not null default '',
  tool      text        not null default '',
  amount    int,
  seconds   int,
  burst     int,
  set_at    timestamptz not null default clock_timestamp(),
  constraint rate_limits_pk primary key (scope, principal, tool),
  constraint rate_limits_scope_ck check (
    scope in ('principal', 'tool', 'principal_tool') and (principal = '') = (scope = 'tool') and (tool = '') = (scope = 'principal')),
  constraint rate_limits_texts_ck check (octet_length(principal) <= 1000 and octet_length(tool) <= 1000),
  constraint rate_limits_rate_ck check (
    (amount is null) = (seconds is null) and (amount is null) = (burst is null)
    and amount between 0 and 1000000 and seconds in (1, 60, 3600, 86400) and burst between 1 and 10000000),
  constraint rate_limits_time_ck check (isfinite(set_at))
);

-- A bucket that is not there is full. Unlogged: a lease waits for no flush and no standby, and what a crash or a promotion loses is one
-- burst more. Half a page is left free, and forget_at moves in steps of minutes, so that a lease changes no index.
create unlogged table trunkline.rate_buckets (
  bucket_key  bytea            not null,
  tokens      double precision not null,
  refilled_at timestamptz      not null,
  forget_at   timestamptz      not null,
  constraint rate_buckets_pk primary key (bucket_key),
  constraint rate_buckets_key_ck check (octet_length(bucket_key) = 16),
  constraint rate_buckets_tokens_ck check (tokens between -20000000 and 20000000),
  constraint rate_buckets_times_ck check (isfinite(refilled_at) and isfinite(forget_at))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
-- rate_buckets.forget
create index rate_buckets_forget_idx on trunkline.rate_buckets (forget_at);

create view trunkline.rates as
select l.scope, nullif(l.principal, '') as principal, nullif(l.tool, '') as tool,
       coalesce(l.amount || '/' || case l.seconds when 1 then 's' when 60 then 'm' when 3600 then 'h' else 'd' end, 'unlimited') as rate,
       l.burst, l.set_at
  from trunkline.rate_limits l;

-- An announcement of one more kind. The function is changed where it is, whatever else was changed in it.
do $$
declare
  v_former text := pg_get_functiondef('trunkline.empty_outbox(int)'::regprocedure);
  v_now    text := replace(v_former, 'o.kind not in (''send'',', 'o.kind not in (''rates_changed'', ''send'',');
begin
  if v_now = v_former then
    raise exception 'trunkline.empty_outbox has another form';
  end if;
  execute v_now;
end $$;

-- The names of a rate as its row has them.
create function trunkline.rate_names(p_scope text, p_name text, p_tool text, out principal text, out tool text) returns record
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if p_scope is null or p_scope not in ('principal', 'tool', 'principal_tool') then
    raise exception 'the scopes are principal, tool and principal_tool, not %', coalesce(p_scope, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  principal := case when p_scope = 'tool' then '' else p_name end;
  tool := case p_scope when 'tool' then p_name when 'principal' then '' else p_tool end;
  if p_scope <> 'principal_tool' and p_tool is not null then
    raise exception 'only the scope principal_tool has a tool besides the name' using errcode = 'invalid_parameter_value';
  end if;
  if (p_scope <> 'tool' and (principal is null or octet_length(principal) not between 1 and 1000))
     or (p_scope <> 'principal' and (tool is null or octet_length(tool) not between 1 and 1000)) then
    raise exception 'a principal and a tool have 1 to 1000 bytes; * stands for each' using errcode = 'invalid_parameter_value';
  end if;
end $$;
revoke all on function trunkline.rate_names(text, text, text) from public;

create function trunkline.set_rate(scope text, name text, rate text, burst int default null, tool text default null) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_names   record;
  v_amount  int;
  v_seconds int;
  v_burst   int;
begin
  v_names := trunkline.rate_names(scope, name, tool);
  if rate is distinct from 'unlimited' then
    if rate is null or rate !~ '^[0-9]{1,7}/[smhd]$' or split_part(rate, '/', 1)::int > 1000000 then
      raise exception 'a rate is a number up to 1000000 in a second, minute, hour or day, such as 100/s, 20/m, 500/h or 1/d, or unlimited'
        using errcode = 'invalid_parameter_value';
    end if;
    v_amount := split_part(rate, '/', 1)::int;
    v_seconds := case split_part(rate, '/', 2) when 's' then 1 when 'm' then 60 when 'h' then 3600 else 86400 end;
    v_burst := coalesce(burst, greatest(v_amount, 1));
    if v_burst not between 1 and 10000000 then
      raise exception 'a burst is a number from 1 to 10000000' using errcode = 'invalid_parameter_value';
    end if;
  elsif burst is not null then
    raise exception 'what is unlimited has no burst' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.rate_limits as l (scope, principal, tool, amount, seconds, burst)
  values (set_rate.scope, v_names.principal, v_names.tool, v_amount, v_seconds, v_burst)
  on conflict on constraint rate_limits_pk do update
     set amount = excluded.amount, seconds = excluded.seconds, burst = excluded.burst, set_at = excluded.set_at
   where (l.amount, l.seconds, l.burst) is distinct from (excluded.amount, excluded.seconds, excluded.burst);
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, payload) values ('rates_changed', '{}');
  perform trunkline.note_action('set_rate', concat_ws(' ', scope, case when scope <> 'tool' then trunkline.rate_noted(v_names.principal) end,
                                                      nullif(v_names.tool, ''), rate, 'burst ' || v_burst));
  return true;
end $$;
revoke all on function trunkline.set_rate(text, text, text, int, text) from public;

create function trunkline.clear_rate(scope text, name text, tool text default null) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_names record;
begin
  v_names := trunkline.rate_names(scope, name, tool);
  delete from trunkline.rate_limits l
   where l.scope = clear_rate.scope and l.principal = v_names.principal and l.tool = v_names.tool;
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, payload) values ('rates_changed', '{}');
  perform trunkline.note_action('clear_rate', concat_ws(' ', scope, case when scope <> 'tool' then trunkline.rate_noted(v_names.principal) end,
                                                        nullif(v_names.tool, '')));
  return true;
end $$;
revoke all on function trunkline.clear_rate(text, text, text) from public;

-- A principal as it may stand on record, as in purge: known to who knows the name.
create function trunkline.rate_noted(p_principal text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when p_principal in ('*', 'anonymous') then p_principal
              else left(encode(sha256(convert_to(p_principal, 'UTF8')), 'hex'), 16) end
$$;
revoke all on function trunkline.rate_noted(text) from public;

comment on table trunkline.rate_limits is 'a rate that an operator has set; it counts more than the options of instances';
comment on column trunkline.rate_limits.scope is 'whose calls are counted together: principal, tool, or principal_tool, each principal''s of a tool';
comment on column trunkline.rate_limits.principal is 'whose; * is each without a row of its own, each with a bucket of its own; empty for tool';
comment on column trunkline.rate_limits.tool is 'of which tool; * is each without a row of its own, each with a bucket of its own; empty for principal';
comment on column trunkline.rate_limits.amount is 'calls in so many seconds; 0: none at all; null: as many as one likes, whatever the options say';
comment on column trunkline.rate_limits.seconds is 'a second, a minute, an hour or a day';
comment on column trunkline.rate_limits.burst is 'calls that may come at once after a rest';
comment on column trunkline.rate_limits.set_at is 'since when';
comment on table trunkline.rate_buckets is 'the calls that are left to somebody, as far as no instance has taken them; one that is not there is full';
comment on column trunkline.rate_buckets.bucket_key is 'of scope, principal and tool, the first half of a SHA-256: no name is kept here';
comment on column trunkline.rate_buckets.tokens is 'that were left at refilled_at; below 0 after an outage, in which instances went on by themselves';
comment on column trunkline.rate_buckets.refilled_at is 'until when it was refilled';
comment on column trunkline.rate_buckets.forget_at is 'when it is full by itself, or a little later, and can be removed';
comment on view trunkline.rates is 'the rates that operators have set';
comment on column trunkline.rates.scope is 'whose calls are counted together';
comment on column trunkline.rates.principal is 'whose; * is each without a row of its own; null for tool';
comment on column trunkline.rates.tool is 'of which tool; * is each without a row of its own; null for principal';
comment on column trunkline.rates.rate is 'calls in a second, minute, hour or day';
comment on column trunkline.rates.burst is 'calls that may come at once after a rest';
comment on column trunkline.rates.set_at is 'since when';
comment on function trunkline.rate_names(text, text, text) is 'the names of a rate as its row has them, or an error';
comment on function trunkline.set_rate(text, text, text, int, text) is
  'limits how often somebody may call, on all instances: scope principal, tool or principal_tool (name is the principal then), * for each; false when it was so';
comment on function trunkline.clear_rate(text, text, text) is 'takes a rate back, so that the options count again; false when there was none';
comment on function trunkline.rate_noted(text) is 'a principal as it may stand on record';
