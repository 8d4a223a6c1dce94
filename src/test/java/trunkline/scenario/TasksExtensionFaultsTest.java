package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.scenario.ExtensionTrio.named;
import static trunkline.scenario.ExtensionTrio.requireBare;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;

/// Requirement H4, stateless half: the instance that runs a task is lost, and the task goes on or
/// says that it cannot.
@Tag("cluster")
class TasksExtensionFaultsTest {
  private final TestCluster cluster;
  private ExtensionTrio trio;

  TasksExtensionFaultsTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    trio = new ExtensionTrio(cluster, folder);
  }

  @AfterEach
  void close() {
    trio.close();
  }

  @Test
  void a_call_goes_on_as_a_task_with_what_was_answered_and_done_before() throws Exception {
    ExtensionTools.PAID.set(0);
    var asked = trio.ada.on(trio.a).call("later", "{}").result();
    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    assertThat(asked.has("taskId")).isFalse();

    var task =
        trio.ada
            .on(trio.b)
            .answer("later", "{}", asked, "{'question-1':" + named("Alice") + "}")
            .result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    assertThat(task.has("requestState") || task.has("inputRequests")).isFalse();
    var waiting = trio.awaitStatus(trio.c, task, "input_required");
    assertThat(waiting.path("inputRequests").propertyNames()).containsExactly("question-2");
    trio.kill(trio.b); // also the next run knows what was said before the first
    trio.awaitRun(task, 2);
    trio.update(trio.a, task, "{'question-2':" + named("Bob") + "}");

    assertThat(Reply.text(trio.awaitStatus(trio.c, task, "completed").path("result")))
        .isEqualTo("Alice paid 1 Bob");
  }

  @Test
  void what_may_run_again_does_when_its_instance_is_killed() throws Exception {
    var task = trio.created(trio.a, "hold_again", trio.gated());
    ExtensionTools.awaitBegun(trio.gate);
    trio.kill(trio.a);
    ExtensionTools.open(trio.gate);

    assertThat(Reply.text(trio.awaitStatus(trio.b, task, "completed").path("result")))
        .isEqualTo("held " + trio.gate);
    assertThat(
            trio.db
                .sql(
                    "select run from trunkline.tasks where task_id = ?",
                    task.path("taskId").asString())
                .number())
        .isEqualTo(2);
  }

  @Test
  void any_other_has_failed_and_says_why() throws Exception {
    var task = trio.created(trio.a, "hold", trio.gated());
    ExtensionTools.awaitBegun(trio.gate);
    trio.kill(trio.a);

    var failed = trio.awaitStatus(trio.b, task, "failed");
    assertThat(failed.path("error").path("data").path("reason").asString())
        .isEqualTo("executor_lost");
  }

  /// An answer that was acknowledged while nobody ran the task is the next run's.
  @Test
  void an_answer_that_came_while_the_executor_was_dead_counts() throws Exception {
    var task = trio.created(trio.a, "ask_both", "{}");
    trio.awaitStatus(trio.b, task, "input_required");
    trio.db.await(
        "exists (select from trunkline.task_inputs where name = 'question-2')", Trio.PATIENCE);
    trio.a.kill();
    requireBare(trio.update(trio.b, task, "{'first':" + named("Ada") + "}"));
    assertThat(trio.get(trio.c, task).path("inputRequests").has("first")).isFalse();

    trio.awaitRun(task, 2);
    trio.db.await(
        "exists (select from trunkline.task_inputs where name = 'question-2' and run = 2)",
        Trio.FAULT_PATIENCE);
    assertThat(trio.get(trio.c, task).path("inputRequests").propertyNames())
        .containsExactly("question-2");
    trio.update(trio.c, task, "{'question-2':" + named("Lovelace") + "}");
    trio.db.await(
        "exists (select from trunkline.task_inputs where name = 'question-3')", Trio.PATIENCE);
    trio.update(trio.b, task, "{'question-3':" + named("Byron") + "}");
    assertThat(Reply.text(trio.awaitStatus(trio.c, task, "completed").path("result")))
        .isEqualTo("Ada Lovelace Byron");
  }
}
