package trunkline.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import trunkline.exchange.TaskInputId;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.task.OrphanedTaskRows.Orphan;
import trunkline.task.TaskInputRows.Input;
import trunkline.testing.TestDatabase;

/// The table of tasks, and two instances that run them.
abstract class TaskTable {
  static final Principal ADA = new Principal("ada");
  static final TaskEnding DONE =
      new TaskEnding(TaskStatus.COMPLETED, null, "{\"result\":1}".getBytes(UTF_8));
  static final TaskEnding LOST =
      new TaskEnding(TaskStatus.FAILED, "lost", "{\"error\":1}".getBytes(UTF_8));
  static final int MANY = 1_000;
  static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  final TestDatabase db;
  final Database database;
  final TaskRows rows;
  final OrphanedTaskRows orphans;
  final TaskInputRows inputs;
  final InstanceId here;
  final InstanceId there;
  final Session session = session();

  TaskTable(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new TaskRows(database);
    this.orphans = new OrphanedTaskRows(database, new SetAside("tasks", _ -> {}));
    this.inputs = new TaskInputRows(database);
    this.here = instance();
    this.there = instance();
  }

  @AfterEach
  void end() {
    db.sql("delete from trunkline.tasks"); // what one test leaves, another would take over
    database.close();
  }

  InstanceId instance() {
    var registered =
        db.sql(
            """
            insert into trunkline.instances (lease_until, url, version)
            values (clock_timestamp() + interval '1 hour', 'http://x', '1') returning instance_id
            """);
    return new InstanceId((int) registered.number());
  }

  static Session session() {
    return new Session(
        new SessionKey(1),
        SessionId.parse(UUID.randomUUID().toString().replace("-", "")).orElseThrow(),
        "2025-11-25",
        ADA,
        Codec.object(),
        Codec.object(),
        null,
        new StreamId(7),
        0,
        "");
  }

  NewTask asked(boolean rerunnable) {
    return asked(TaskOrigin.InSession.of(session), rerunnable);
  }

  static NewTask asked(TaskOrigin origin, boolean rerunnable) {
    return new NewTask(
        origin, "tool", "{}".getBytes(UTF_8), null, rerunnable, Duration.ofMinutes(1));
  }

  Optional<Task> create(TaskId id, int max) {
    return rows.create(id, here, asked(false), max).map(AssignedTask::task);
  }

  TaskRun begun(boolean rerunnable) {
    var created = rows.create(TaskId.random(), here, asked(rerunnable), MANY).orElseThrow();
    assertThat(rows.begin(created)).isTrue();
    return created.run();
  }

  static AssignedTask assigned(List<Orphan> orphans) {
    return ((Orphan.Assigned) orphans.getFirst()).assigned();
  }

  Optional<Task> end(TaskRun run) {
    return rows.end(run, DONE, PATIENCE);
  }

  Optional<Task> find(TaskId id, Principal principal) {
    return rows.find(id, principal);
  }

  Optional<Task> cancel(TaskId id, Principal principal) {
    return rows.cancel(id, principal);
  }

  Optional<byte[]> outcome(TaskRun run) {
    return rows.outcome(run.task());
  }

  List<Task> list(Principal principal, TaskRun from) {
    return rows.list(principal, new TaskKey(from.task().value() - 1), 1);
  }

  List<TaskInputRows.Open> open(TaskRun run) {
    return inputs.open(run.task());
  }

  List<TaskRows.TaskState> standing(TaskRun run) {
    return rows.standing(List.of(run.task()));
  }

  TaskId id(TaskRun run) {
    return new TaskId(
        db.sql("select task_id from trunkline.tasks where task_key = ?", run.task().value())
            .text());
  }

  Optional<TaskInputRows.Asked> ask(TaskRun run, int ordinal, String words) {
    var input =
        new Input(
            ordinal,
            "question-" + ordinal,
            "roots/list",
            words.getBytes(UTF_8),
            words.getBytes(UTF_8),
            9_000);
    return inputs.ask(run, input, PATIENCE);
  }

  Optional<Task> answer(TaskRun run, TaskInputId input, String answer) {
    return inputs.settle(run, input, answer.getBytes(UTF_8), PATIENCE);
  }

  List<Orphan> takeOver(List<TaskKey> running) {
    return takeOver(there, running);
  }

  List<Orphan> takeOver(InstanceId instance, List<TaskKey> running) {
    return orphans.takeOver(instance, running, MANY, LOST, MANY).stream()
        .filter(orphan -> session.standaloneStream().equals(orphan.task().notificationStream()))
        .toList();
  }

  void bury(InstanceId instance) {
    db.sql(
        "update trunkline.instances set dead_at = clock_timestamp() where instance_id = ?",
        instance.value());
  }

  static TaskOrigin.Alone alone() {
    return new TaskOrigin.Alone(ADA, "2026-07-28", Codec.object().put("sampling", true));
  }

  List<AssignedTask> takenOver() {
    return orphans.takeOver(there, List.of(), MANY, LOST, MANY).stream()
        .map(orphan -> ((Orphan.Assigned) orphan).assigned())
        .toList();
  }

  Optional<Task> answerByName(TaskRun run, String name) {
    return inputs.answer(run.task(), Map.of(name, "{}".getBytes(UTF_8)));
  }
}
