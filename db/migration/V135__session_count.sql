-- Purpose: how many sessions live is shown without counting them: one instance does, for all.
-- Rolling: a view that an instance of the release before never looks at.
-- Check: select * from trunkline.session_count;

create view trunkline.session_count as
  select t.living, t.counted_at from trunkline.session_tally t;

comment on view trunkline.session_count is 'How many sessions live, as last counted by an instance on its way through them: one row, however many there are.';
comment on column trunkline.session_count.living is 'that had not ended';
comment on column trunkline.session_count.counted_at is 'when the count had changed, by the database''s clock';
