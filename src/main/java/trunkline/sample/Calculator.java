package trunkline.sample;

import trunkline.feature.Description;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;

/// The smallest useful tool: a record in, a record out, and both schemas derived.
final class Calculator {
  enum Operation {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE
  }

  record Task(
      @Description("the first number") double a,
      Operation operation,
      @Description("the second number") double b) {}

  record Answer(double value) {}

  static final Tool TOOL =
      Tool.named("calculate")
          .title("Calculator")
          .description("Adds, subtracts, multiplies or divides two numbers")
          .input(Task.class)
          .output(Answer.class)
          .readOnly()
          .handler((task, context) -> new Answer(solve(task)));

  private Calculator() {}

  private static double solve(Task task) {
    return switch (task.operation()) {
      case ADD -> task.a() + task.b();
      case SUBTRACT -> task.a() - task.b();
      case MULTIPLY -> task.a() * task.b();
      case DIVIDE -> {
        if (task.b() == 0) {
          throw new ToolFailed("nothing can be divided by zero");
        }
        yield task.a() / task.b();
      }
    };
  }
}
