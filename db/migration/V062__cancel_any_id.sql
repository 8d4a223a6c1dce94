-- Purpose: cancel_call takes every id that a call may have, as its client spelled it: 1e3, -0, more than 64 bits, control characters.
-- Rolling: the same function, wider; every release moves the outbox's rows on as they are.
-- Check: select trunkline.cancel_call('x', '1e3');   -- false, and no error

-- Cancels the call of a session by its JSON-RPC id, with its type and as it was sent: 7 and "7" differ, as do 1000 and 1e3.
-- false: there is no such living session.
create or replace function trunkline.cancel_call(session_id text, request_id json) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_text    text;
  v_request text;
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
  perform from trunkline.sessions s where s.session_id = cancel_call.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('cancel_call', cancel_call.session_id, v_request);
  end if;
  return found;
end $$;
