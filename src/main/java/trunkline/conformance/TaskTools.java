package trunkline.conformance;

import trunkline.feature.ClientCapability;
import trunkline.feature.Default;
import trunkline.feature.InputRequest;
import trunkline.feature.Range;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// Calls that may, or must, become tasks.
final class TaskTools {
  private static final int JOB_MILLIS = 200;

  record Name(String name) {}

  record Computation(
      @Default("1") @Range(min = 0, max = 600) int seconds, @Default("") String label) {}

  record File(@Default("") String filename) {}

  record Consent(boolean confirm) {}

  record Answer(String value) {}

  static final Tool GREET =
      Tool.named("greet")
          .description("Answers at once, whatever its client knows of tasks")
          .input(Name.class)
          .readOnly()
          .handler((input, context) -> ToolResult.text("Hello, " + input.name() + "!"));

  static final Tool SLOW_COMPUTE =
      Tool.named("slow_compute")
          .description("Sleeps for some seconds, in a task where its client knows them")
          .input(Computation.class)
          .readOnly()
          .tasks(TaskSupport.OPTIONAL)
          .handler((input, context) -> {
            Thread.sleep(input.seconds() * 1000L);
            return ToolResult.text("Computed %s in %d s".formatted(input.label(), input.seconds()));
          });

  static final Tool FAILING_JOB =
      Tool.named("failing_job")
          .description("A task whose tool fails")
          .tasks(TaskSupport.REQUIRED)
          .handler((none, context) -> {
            Thread.sleep(JOB_MILLIS);
            throw new ToolFailed("The job failed, as it always does");
          });

  static final Tool PROTOCOL_ERROR_JOB =
      Tool.named("protocol_error_job")
          .description("A task that ends in a JSON-RPC error")
          .tasks(TaskSupport.REQUIRED)
          .handler((none, context) -> {
            throw new RpcException(
                new RpcError(ErrorCode.INTERNAL_ERROR, "The job broke, as it always does"));
          });

  static final Tool CONFIRM_DELETE =
      Tool.named("confirm_delete")
          .description("A task that asks its user once; nothing is deleted")
          .needs(ClientCapability.ELICITATION)
          .input(File.class)
          .tasks(TaskSupport.OPTIONAL)
          .handler((input, context) -> {
            var answer = context.elicit("Delete " + input.filename() + "?", Consent.class);
            var confirmed = answer.accepted().filter(Consent::confirm).isPresent();
            return ToolResult.text((confirmed ? "Deleted " : "Kept ") + input.filename());
          });

  static final Tool MULTI_INPUT =
      Tool.named("multi_input")
          .description("A task that asks its user two things at once")
          .needs(ClientCapability.ELICITATION)
          .tasks(TaskSupport.OPTIONAL)
          .handler((none, context) -> {
            var first = InputRequest.form("The first value?", Answer.class);
            var second = InputRequest.form("The second value?", Answer.class);
            var told = context.askAll(first, second);
            return ToolResult.text(
                told.get(first).accepted().map(Answer::value).orElse("none")
                    + ", "
                    + told.get(second).accepted().map(Answer::value).orElse("none"));
          });

  static final Tool ASKING_FIRST =
      Tool.named("test_tool_with_task")
          .description("Asks its user, and only then goes on as a task")
          .needs(ClientCapability.ELICITATION)
          .tasks(TaskSupport.LATER)
          .handler((none, context) -> {
            var answer = context.ask(InputTools.USER_NAME);
            context.continueAsTask();
            return ToolResult.text("Hello, " + InputTools.nameIn(answer) + "!");
          });

  private TaskTools() {}
}
