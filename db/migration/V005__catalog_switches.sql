-- Purpose: switches a tool, resource, template or prompt off and on, on every instance and while they run.
-- Rolling: adds a function; a release that does not know it lists everything.
-- Check: select trunkline.set_enabled('tool', 'surprise', false); answers true, and clients hear that the list of tools changed.

-- Takes part in the caller's transaction; true: this changed something, and clients are told after its commit. The name is a tool's or
-- prompt's name, a resource's URI, a template's pattern; one that no instance has may be switched in advance.
create function trunkline.set_enabled(kind text, name text, enabled boolean) returns boolean
language plpgsql set search_path = pg_catalog as $$
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
  end if;
  return v_changed;
end $$;

revoke execute on function trunkline.set_enabled(text, text, boolean) from public;
