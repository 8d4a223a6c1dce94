package trunkline.console;

import java.util.List;
import java.util.Optional;
import trunkline.console.Act.Value;

/// All that can be done from the console. Each is one statement of the functions that SQL has for
/// it, so the audit has it as well; an id is looked up by a key, and is on no page.
final class Acts {
  static final List<Act> ALL =
      List.of(
          new Act(
              "drain",
              "instances",
              "Drain an instance",
              "It serves nobody while it lives: streams go elsewhere, calls may end or are handed on."
                  + " Undrain takes it back.",
              List.of(Value.instance("Instance")),
              """
              -- console.drain: an operator wants an instance empty
              select trunkline.drain(:instance) as outcome
              """,
              Optional.of(
                  """
                  -- console.drain_preview: what is there, and who would take it
                  select format('instance %s (%s), which holds %s streams and runs %s calls; %s others are ready', i.instance_id, i.state,
                                i.streams_held, i.calls_written,
                                (select count(*) from trunkline.instance_directory o where o.state = 'ready' and o.instance_id <> i.instance_id)) as outcome
                    from trunkline.instance_directory i where i.instance_id = :instance
                  """)),
          new Act(
              "undrain",
              "instances",
              "Undrain an instance",
              "It serves again.",
              List.of(Value.instance("Instance")),
              """
              -- console.undrain: an operator wants an instance back
              select trunkline.undrain(:instance) as outcome
              """),
          new Act(
              "end-session",
              "sessions",
              "End a session",
              "Its streams close, its calls are cancelled, and every instance answers 404 for it.",
              List.of(Value.number("session", "Session's key")),
              """
              -- console.end_session: an operator ends a session
              select trunkline.end_session(session_id)::text as outcome
                from trunkline.session_directory where session_key = :session
              """),
          new Act(
              "migrate",
              "streams",
              "Send a session's stream to another instance",
              "Its client is told, and may not listen; its running calls stay where they are.",
              List.of(Value.number("session", "Session's key"), Value.instance("To instance")),
              """
              -- console.migrate: an operator wants a session elsewhere
              select trunkline.migrate(session_id, :instance) as outcome
                from trunkline.session_directory where session_key = :session
              """),
          new Act(
              "cancel-call",
              "calls",
              "Cancel a call",
              "As its client would: the handler is told, wherever it runs.",
              List.of(Value.number("call", "Call")),
              """
              -- console.cancel_call: an operator cancels a call
              select trunkline.cancel_call(session_id, request_id::json)::text as outcome
                from trunkline.call_directory where call_id = :call
              """),
          new Act(
              "cancel-task",
              "tasks",
              "Cancel a task",
              "As its client would: the handler is told, wherever it runs.",
              List.of(Value.number("task", "Task's key")),
              """
              -- console.cancel_task: an operator cancels a task
              select trunkline.cancel_task(task_id)::text as outcome
                from trunkline.task_directory where task_key = :task
              """),
          new Act(
              "void-question",
              "questions",
              "Take a question back",
              "Its handler hears that no answer came in time, and the client that none is wanted. A task's"
                  + " question goes with its task.",
              List.of(Value.number("question", "Question")),
              """
              -- console.void_question: an operator waits no longer for an answer
              select trunkline.void_question(:question)::text as outcome
              """),
          new Act(
              "switch",
              "switches",
              "Switch a tool, prompt or resource",
              "On all instances at once, for everybody or for one principal; clients hear that the list"
                  + " has changed.",
              List.of(
                  Value.choice("kind", "Kind", "tool", "prompt", "resource"),
                  Value.text("name", "Name", "as clients see it; of a resource its URI"),
                  Value.yesOrNo("enabled", "On"),
                  Value.optional("principal", "For one principal", "empty: for everybody")),
              """
              -- console.set_enabled: an operator switches a feature
              select trunkline.set_enabled(:kind, :name, :enabled, nullif(:principal, ''))::text as outcome
              """),
          new Act(
              "send",
              "sessions",
              "Send a notification to a session",
              "It is kept for its standalone stream like any other message.",
              List.of(
                  Value.number("session", "Session's key"),
                  Value.text(
                      "message",
                      "Message",
                      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/…\"}")),
              """
              -- console.send: an operator tells a session something
              select trunkline.send(session_id, :message)::text as outcome
                from trunkline.session_directory where session_key = :session
              """),
          new Act(
              "broadcast",
              "sessions",
              "Send a notification to every session",
              "One row, whatever the number of sessions.",
              List.of(
                  Value.text(
                      "message",
                      "Message",
                      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/…\"}")),
              """
              -- console.broadcast: an operator tells everybody something
              select trunkline.broadcast(:message)::text as outcome
              """),
          new Act(
              "rotate-seal-key",
              "sessions",
              "Rotate the seal key",
              "A new key is made and used in a minute; what was sealed with the former one stays good.",
              List.of(),
              """
              -- console.rotate_seal_key: an operator wants another key
              select trunkline.rotate_seal_key()::text as outcome
              """),
          new Act(
              "issue-key",
              "keys",
              "Issue an API key",
              "It is shown this one time; only its digest is kept. It lets in where --api-keys is on.",
              List.of(
                  Value.text("principal", "Principal", "whose it is"),
                  Value.optional("scopes", "Scopes", "with blanks between them")),
              """
              -- console.issue_key: an operator lets somebody in
              select trunkline.issue_key(:principal, coalesce(string_to_array(nullif(:scopes, ''), ' '), '{}')) as outcome
              """),
          new Act(
              "purge",
              "sessions",
              "Purge a principal",
              "Its sessions end and go, with its tasks, keys and switches; what was recorded of it stays."
                  + " At most a thousand rows of a kind at a time: repeat it until it finds nothing.",
              List.of(Value.text("principal", "Principal", "whose all of it is")),
              """
              -- console.purge: an operator wants a person gone
              select format('%s: %s', what, removed) as outcome from trunkline.purge(:principal)
              """,
              Optional.of(
                  """
                  -- console.purge_preview: how much there is of a person, by index
                  select format('%s living sessions, %s tasks, %s keys, %s switches',
                                (select count(*) from trunkline.session_directory where principal = :principal and ended_at is null),
                                (select count(*) from trunkline.task_directory where principal = :principal),
                                (select count(*) from trunkline.key_directory where principal = :principal),
                                (select count(*) from trunkline.switch_directory where principal = :principal)) as outcome
                  """)),
          new Act(
              "revoke-key",
              "keys",
              "Revoke an API key",
              "Every instance refuses it within a second, and the streams that it opened end.",
              List.of(Value.number("key", "Key's number")),
              """
              -- console.revoke_key: an operator keeps somebody out
              select trunkline.revoke_key(:key)::text as outcome
              """));

  private Acts() {}

  static Optional<Act> find(String word) {
    return ALL.stream().filter(act -> act.word().equals(word)).findFirst();
  }
}
