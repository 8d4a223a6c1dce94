-- What the role of an instance needs and no more, whatever its name. An instance compares at its start (Rights); db/role/app.sql
-- grants it, with what the files of db/admin need besides.

grant usage on schema trunkline to trunkline_app;
grant usage on sequence trunkline.task_input_seq to trunkline_app;
grant usage, select on sequence trunkline.announcement_seq, trunkline.event_seq to trunkline_app;

grant select on trunkline.flyway_schema_history, trunkline.instance_directory, trunkline.issuing to trunkline_app;
grant select on trunkline.outbound_messages_0, trunkline.outbound_messages_1, trunkline.outbound_messages_2,
  trunkline.outbound_messages_3, trunkline.outbound_messages_4, trunkline.outbound_messages_5, trunkline.outbound_messages_6,
  trunkline.outbound_messages_7 to trunkline_app;
grant select, insert on trunkline.outbound_messages, trunkline.publish_batches to trunkline_app;
grant select on trunkline.catalog_switches, trunkline.principal_switches, trunkline.seal_keys to trunkline_app;
grant select, update (last_used_at) on trunkline.api_keys to trunkline_app;
grant select on trunkline.rate_limits to trunkline_app;
grant select, insert, update, delete on trunkline.rate_buckets, trunkline.instance_minutes to trunkline_app;
grant select on trunkline.audit_key to trunkline_app;
grant insert on trunkline.audit_records to trunkline_app;
grant select, update (kept_for) on trunkline.audit_slots to trunkline_app;
grant select, insert, update (written_through, written_at, lost) on trunkline.audit_writers to trunkline_app;
grant select, insert, update on trunkline.baton to trunkline_app;
grant select, update on trunkline.session_tally to trunkline_app;
grant select, insert, delete on trunkline.subscriptions to trunkline_app;
grant select, insert, update, delete on trunkline.stream_moves to trunkline_app;
grant select on trunkline.stream_directory to trunkline_app;
grant select, update on trunkline.announcement_lock to trunkline_app;
grant select, update (told_by, told_round) on trunkline.operator_actions to trunkline_app;
grant select, update (id_high, server_started, announcement_floor) on trunkline.control to trunkline_app;
grant select, insert, update, delete on trunkline.announcements, trunkline.calls, trunkline.instances, trunkline.outbox,
  trunkline.pending_requests, trunkline.session_values, trunkline.sessions, trunkline.streams, trunkline.task_inputs, trunkline.tasks,
  trunkline.url_elicitations to trunkline_app;

grant execute on function trunkline.adopt_database, trunkline.advance_slot, trunkline.announce_now, trunkline.answer_task_inputs,
  trunkline.announcement_high, trunkline.broken_checks, trunkline.cancel_call_anywhere, trunkline.complete_elicitation, trunkline.control_faults,
  trunkline.current_slot, trunkline.declare_dead, trunkline.drain, trunkline.empty_outbox, trunkline.end_session_now,
  trunkline.end_unused_session, trunkline.forget_api_keys, trunkline.forget_ended_sessions, trunkline.forget_expired_tasks,
  trunkline.forget_finished_streams, trunkline.forget_operator_actions, trunkline.id_prefix, trunkline.is_home, trunkline.keep_audit, trunkline.keep_seal_keys,
  trunkline.lock_announcements, trunkline.migrate, trunkline.newest_announcement, trunkline.open_sessions, trunkline.place,
  trunkline.purge, trunkline.retire_streams, trunkline.rotate_seal_key, trunkline.session_instance, trunkline.set_enabled, trunkline.set_log_level,
  trunkline.settle_task_input, trunkline.timeline, trunkline.truncate_slot, trunkline.undrain to trunkline_app;
