package trunkline.task;

import static trunkline.task.TasksTable.TASKS;

import java.nio.charset.StandardCharsets;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.store.BoundText;
import trunkline.store.SqlText;

/// The columns of `tasks` that say whose call it was.
final class TaskOriginRows {
  /// As text: a garbled one must not take the others with it.
  static final Field<String> SESSION = SqlText.column("session_id", SQLDataType.CLOB);

  /// No stream has this number, so that a release that sends news of each task sends them nowhere.
  private static final StreamId NO_STREAM = new StreamId(Long.MAX_VALUE);

  private TaskOriginRows() {}

  /// As a text names them; their order is that of the fields [#SESSION], principal, revision,
  /// capabilities.
  static String columns(String alias) {
    return "%1$s.session_id, %1$s.principal, %1$s.revision, %1$s.capabilities".formatted(alias);
  }

  static BoundText set(BoundText text, TaskOrigin origin) {
    text.set(TASKS.PRINCIPAL, origin.principal().name());
    return switch (origin) {
      case TaskOrigin.InSession(var _, var session, var notifications) ->
          text.set(TASKS.SESSION_ID, session)
              .set(TASKS.STREAM_ID, notifications)
              .set(TASKS.REVISION, null)
              .set(TASKS.CAPABILITIES, null);
      case TaskOrigin.Alone(var _, var revision, var capabilities) ->
          text.set(TASKS.SESSION_ID, null)
              .set(TASKS.STREAM_ID, NO_STREAM)
              .set(TASKS.REVISION, revision)
              .set(TASKS.CAPABILITIES, Codec.text(capabilities).getBytes(StandardCharsets.UTF_8));
    };
  }

  static TaskOrigin origin(Record row) {
    var principal = new Principal(row.get(TASKS.PRINCIPAL));
    var session = row.get(SESSION);
    return session == null
        ? new TaskOrigin.Alone(
            principal,
            row.get(TASKS.REVISION),
            Codec.objectFrom(new String(row.get(TASKS.CAPABILITIES), StandardCharsets.UTF_8)))
        : new TaskOrigin.InSession(principal, new SessionId(session), row.get(TASKS.STREAM_ID));
  }

  /// Null where there is no session to tell.
  static @Nullable StreamId notifications(StreamId stream) {
    return stream.equals(NO_STREAM) ? null : stream;
  }
}
