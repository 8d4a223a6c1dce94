-- Purpose: an answer that comes to another instance than the one that asked belongs to the same trace: the row of a question names the
--          question's span, as W3C's Trace Context writes it.
-- Rolling: a column that may be null. Instances of the release before neither write nor read it.
-- Check: select is_nullable from information_schema.columns where table_schema = 'trunkline' and table_name = 'pending_requests' and column_name = 'trace';   -- YES

alter table trunkline.pending_requests add column trace text;   -- null: not traced

alter table trunkline.pending_requests
  add constraint pending_requests_trace_ck check (trace ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$') not valid;
alter table trunkline.pending_requests validate constraint pending_requests_trace_ck;

comment on column trunkline.pending_requests.trace is 'the span of the question, as the traceparent of W3C''s Trace Context; null: it is not traced';
