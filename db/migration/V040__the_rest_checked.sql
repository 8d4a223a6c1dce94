-- Purpose: refuses rows of the remaining, less busy tables that no release can read.
-- Rolling: checks that every release keeps.
-- Check: insert into trunkline.session_values (session_key, name, value) values (0, 'a', 'b'); is refused.

alter table trunkline.session_values
  add constraint session_values_ck check (session_key > 0 and length(name) between 1 and 128 and octet_length(value) <= 65536) not valid;

alter table trunkline.subscriptions
  add constraint subscriptions_ck check (session_key > 0 and length(uri) between 1 and 2048) not valid;

alter table trunkline.url_elicitations
  add constraint url_elicitations_principal_ck check (session_key > 0 and length(principal) between 1 and 4096) not valid,
  add constraint url_elicitations_times_ck check (isfinite(created_at) and isfinite(expires_at) and isfinite(completed_at)) not valid;

alter table trunkline.catalog_switches
  add constraint catalog_switches_name_ck check (octet_length(name) between 1 and 2048) not valid;
