package trunkline.task;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;

/// Reads and writes `tasks`.
final class TaskRows implements TaskStore {
  private static final String CREATE =
      """
      -- tasks.create: unless the session runs as many as it may; a repetition finds what it created
      INSERT INTO trunkline.tasks AS t
             (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at)
      SELECT n.task_id, n.principal, n.session_id, n.stream_id, n.tool, n.request, n.rerunnable, n.executor, n.ttl_millis,
             clock_timestamp() + n.ttl_millis * interval '1 millisecond'
        FROM (VALUES (?::text, ?::text, ?::text, ?::bigint, ?::text, ?::bytea, ?::boolean, ?::int, ?::bigint))
               n(task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis)
       WHERE (SELECT count(*) FROM trunkline.tasks r
               WHERE r.session_id = n.session_id AND r.task_id <> n.task_id
                 AND r.status IN ('working', 'input_required')) < ?
      ON CONFLICT (task_id) DO UPDATE SET task_id = excluded.task_id
      RETURNING t.task_key, t.task_id, t.stream_id, t.status, t.status_message, t.created_at, t.updated_at, t.ttl_millis, t.changes,
                t.executor, t.run
      """;

  private static final String FIND =
      """
      -- tasks.find: another principal's task does not exist, nor one whose time is over
      SELECT task_key, task_id, stream_id, status, status_message, created_at, updated_at, ttl_millis, changes
        FROM trunkline.tasks WHERE task_id = ? AND principal = ? AND expires_at > clock_timestamp()
      """;

  private static final String LIST =
      """
      -- tasks.list: one page of a principal's tasks
      SELECT task_key, task_id, stream_id, status, status_message, created_at, updated_at, ttl_millis, changes
        FROM trunkline.tasks WHERE principal = ? AND task_key > ? AND expires_at > clock_timestamp()
       ORDER BY task_key LIMIT ?
      """;

  private static final String CANCEL =
      """
      -- tasks.cancel: guarded by the status, so a task ends once
      UPDATE trunkline.tasks
         SET status = 'cancelled', status_message = 'cancelled by the client', updated_at = clock_timestamp(),
             changes = changes + 1
       WHERE task_id = ? AND principal = ? AND status IN ('working', 'input_required') AND expires_at > clock_timestamp()
      RETURNING task_key, task_id, stream_id, status, status_message, created_at, updated_at, ttl_millis, changes
      """;

  private static final String END =
      """
      -- tasks.end: by its latest run, once
      UPDATE trunkline.tasks
         SET status = ?, status_message = ?, outcome = ?, updated_at = clock_timestamp(), changes = changes + 1
       WHERE task_key = ? AND executor = ? AND run = ? AND status IN ('working', 'input_required')
      RETURNING task_key, task_id, stream_id, status, status_message, created_at, updated_at, ttl_millis, changes
      """;

  private static final String OUTCOME =
      """
      -- tasks.outcome: the response, which only tasks/result wants
      SELECT outcome FROM trunkline.tasks WHERE task_key = ? AND outcome IS NOT NULL
      """;

  private static final String STANDING =
      """
      -- tasks.standing: what became of the tasks that are run or waited for here
      SELECT task_key, executor, run, changes, status IN ('working', 'input_required') AS unfinished
        FROM trunkline.tasks WHERE task_key = ANY (?::bigint[]) AND expires_at > clock_timestamp()
      """;

  private static final String TAKE_OVER =
      """
      -- tasks.take_over: of the dead, of those who left, and ours that we do not run: a start or an end that got lost.
      -- What may run again, once, is ours from now on; the rest
      -- has failed. Only for an instance that lives: the one run that is left is not for the dead
      WITH me AS MATERIALIZED (
             SELECT instance_id FROM trunkline.instances
              WHERE instance_id = ? AND dead_at IS NULL AND left_at IS NULL AND lease_until > clock_timestamp()),
           orphan AS MATERIALIZED (
             SELECT t.task_key, me.instance_id AS taker, t.rerunnable AND t.run < 2 AS again
               FROM me CROSS JOIN trunkline.tasks t JOIN trunkline.instances i ON i.instance_id = t.executor
              WHERE t.status IN ('working', 'input_required') AND t.expires_at > clock_timestamp()
                AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL
                     OR (t.executor = me.instance_id AND t.updated_at < clock_timestamp() - interval '1 minute'
                         AND t.task_key <> ALL (?::bigint[])))
              ORDER BY t.task_key LIMIT ? FOR NO KEY UPDATE OF t SKIP LOCKED)
      UPDATE trunkline.tasks t
         SET executor = CASE WHEN o.again THEN o.taker ELSE t.executor END,
             run = t.run + 1,
             status = CASE WHEN o.again THEN 'working' ELSE ? END,
             status_message = CASE WHEN o.again THEN 'run again: its instance was lost' ELSE ? END,
             outcome = CASE WHEN o.again THEN NULL ELSE ?::bytea END,
             updated_at = clock_timestamp(), changes = t.changes + 1
        FROM orphan o WHERE t.task_key = o.task_key
      RETURNING t.task_key, t.task_id, t.stream_id, t.status, t.status_message, t.created_at, t.updated_at, t.ttl_millis,
                t.changes, o.again, t.executor, t.run, t.session_id, t.principal, t.request
      """;

  private static final String FORGET =
      """
      -- tasks.forget: whose time is over, with what they asked
      SELECT trunkline.forget_expired_tasks(?)
      """;

  @Override
  public Optional<AssignedTask> create(
      Connection connection, TaskId id, InstanceId executor, NewTask asked, int runningMax)
      throws SQLException {
    try (var statement = connection.prepareStatement(CREATE)) {
      statement.setString(1, id.value());
      statement.setString(2, asked.session().principal().name());
      statement.setString(3, asked.session().id().value());
      statement.setLong(4, asked.session().standaloneStream().value());
      statement.setString(5, asked.tool());
      statement.setBytes(6, asked.request());
      statement.setBoolean(7, asked.rerunnable());
      statement.setInt(8, executor.value());
      statement.setLong(9, asked.ttl().toMillis());
      statement.setInt(10, runningMax);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(assigned(rows, asked)) : Optional.empty();
      }
    }
  }

  @Override
  public Optional<Task> find(Connection connection, TaskId id, Principal principal)
      throws SQLException {
    try (var statement = connection.prepareStatement(FIND)) {
      statement.setString(1, id.value());
      statement.setString(2, principal.name());
      return first(statement);
    }
  }

  @Override
  public List<Task> list(Connection connection, Principal principal, TaskKey after, int max)
      throws SQLException {
    try (var statement = connection.prepareStatement(LIST)) {
      statement.setString(1, principal.name());
      statement.setLong(2, after.value());
      statement.setInt(3, max);
      return all(statement);
    }
  }

  @Override
  public Optional<Task> cancel(Connection connection, TaskId id, Principal principal)
      throws SQLException {
    try (var statement = connection.prepareStatement(CANCEL)) {
      statement.setString(1, id.value());
      statement.setString(2, principal.name());
      return first(statement);
    }
  }

  @Override
  public Optional<Task> end(Connection connection, TaskRun run, TaskEnding ending)
      throws SQLException {
    try (var statement = connection.prepareStatement(END)) {
      statement.setString(1, ending.status().wire());
      statement.setString(2, ending.message());
      statement.setBytes(3, ending.outcome());
      bind(statement, 4, run);
      return first(statement);
    }
  }

  @Override
  public Optional<byte[]> outcome(Connection connection, TaskKey task) throws SQLException {
    try (var statement = connection.prepareStatement(OUTCOME)) {
      statement.setLong(1, task.value());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
      }
    }
  }

  @Override
  public List<TaskState> standing(Connection connection, Collection<TaskKey> tasks)
      throws SQLException {
    try (var statement = connection.prepareStatement(STANDING)) {
      statement.setArray(1, array(connection, tasks));
      var standing = new ArrayList<TaskState>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          standing.add(
              new TaskState(
                  run(new TaskKey(rows.getLong("task_key")), rows),
                  rows.getInt("changes"),
                  rows.getBoolean("unfinished")));
        }
      }
      return standing;
    }
  }

  @Override
  public List<Orphan> takeOver(
      Connection connection,
      InstanceId instance,
      Collection<TaskKey> running,
      TaskEnding lost,
      int max)
      throws SQLException {
    try (var statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setInt(1, instance.value());
      statement.setArray(2, array(connection, running));
      statement.setInt(3, max);
      statement.setString(4, lost.status().wire());
      statement.setString(5, lost.message());
      statement.setBytes(6, lost.outcome());
      var orphans = new ArrayList<Orphan>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var task = task(rows);
          orphans.add(
              rows.getBoolean("again")
                  ? new Orphan.Assigned(inherited(task, rows))
                  : new Orphan.Failed(task));
        }
      }
      return orphans;
    }
  }

  private static Array array(Connection connection, Collection<TaskKey> tasks) throws SQLException {
    return connection.createArrayOf("bigint", tasks.stream().map(TaskKey::value).toArray());
  }

  private static AssignedTask assigned(ResultSet row, NewTask asked) throws SQLException {
    var task = task(row);
    return new AssignedTask(
        task,
        run(task.key(), row),
        asked.session().id(),
        asked.session().principal(),
        asked.request(),
        asked.rerunnable());
  }

  private static AssignedTask inherited(Task task, ResultSet row) throws SQLException {
    return new AssignedTask(
        task,
        run(task.key(), row),
        new SessionId(row.getString("session_id")),
        new Principal(row.getString("principal")),
        row.getBytes("request"),
        true);
  }

  private static TaskRun run(TaskKey task, ResultSet row) throws SQLException {
    return new TaskRun(task, new InstanceId(row.getInt("executor")), row.getInt("run"));
  }

  @Override
  public int forget(Connection connection, int max) throws SQLException {
    try (var statement = connection.prepareStatement(FORGET)) {
      statement.setInt(1, max);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  static void bind(PreparedStatement statement, int from, TaskRun run) throws SQLException {
    statement.setLong(from, run.task().value());
    statement.setInt(from + 1, run.executor().value());
    statement.setInt(from + 2, run.attempt());
  }

  static Optional<Task> first(PreparedStatement statement) throws SQLException {
    return all(statement).stream().findFirst();
  }

  private static List<Task> all(PreparedStatement statement) throws SQLException {
    var tasks = new ArrayList<Task>();
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        tasks.add(task(rows));
      }
    }
    return tasks;
  }

  /// The row's task; its columns have the names of the table's.
  static Task task(ResultSet row) throws SQLException {
    return new Task(
        new TaskKey(row.getLong("task_key")),
        new TaskId(row.getString("task_id")),
        new StreamId(row.getLong("stream_id")),
        TaskStatus.of(row.getString("status")),
        row.getString("status_message"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        Duration.ofMillis(row.getLong("ttl_millis")),
        row.getInt("changes"));
  }
}
