package trunkline.scenario;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.feature.Catalog;
import trunkline.feature.ElicitResult;
import trunkline.feature.InputRequest;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// Tools that become tasks at the server's choice.
final class ExtensionTools {
  record Name(String name) {}

  record Gated(String gate) {}

  private static final Map<String, CountDownLatch> BEGUN = new ConcurrentHashMap<>();
  private static final Map<String, CountDownLatch> OPEN = new ConcurrentHashMap<>();
  private static final Map<String, CountDownLatch> STOPPED = new ConcurrentHashMap<>();
  static final AtomicInteger PAID = new AtomicInteger();

  private static final Tool GREET =
      Tool.named("greet")
          .description("Greets at once")
          .handler((none, context) -> ToolResult.text("hello"));

  private static final Tool HOLD = holding("hold", false);

  private static final Tool HOLD_AGAIN = holding("hold_again", true);

  private static final Tool FAIL =
      Tool.named("fail")
          .description("Can only be a task, and its tool fails")
          .tasks(TaskSupport.REQUIRED)
          .handler((none, context) -> {
            throw new ToolFailed("it did not work");
          });

  private static final Tool BREAK =
      Tool.named("break")
          .description("A task that ends with an error of the protocol")
          .tasks(TaskSupport.OPTIONAL)
          .handler((none, context) -> {
            throw new RpcException(new RpcError(ErrorCode.INVALID_PARAMS, "broken"));
          });

  private static final Tool ASK_BOTH =
      Tool.named("ask_both")
          .description("Asks for two names at once, and for a third")
          .tasks(TaskSupport.OPTIONAL)
          .retryable(true)
          .handler((none, context) -> {
            var first = InputRequest.form("First?", Name.class).named("first");
            var second = InputRequest.form("Second?", Name.class);
            var told = context.askAll(first, second);
            var third = context.elicit("Third?", Name.class);
            return ToolResult.text(
                text(told.get(first)) + " " + text(told.get(second)) + " " + text(third));
          });

  private static final Tool LATER =
      Tool.named("later")
          .description("Asks for a name and pays while the client waits, then goes on as a task")
          .tasks(TaskSupport.LATER)
          .retryable(true)
          .handler((none, context) -> {
            var name = text(context.elicit("Your name?", Name.class));
            var receipt = context.once("pay", String.class, () -> "paid " + PAID.incrementAndGet());
            context.progress(1, 2);
            context.continueAsTask();
            var again = text(context.elicit("And yours?", Name.class));
            return ToolResult.text(name + " " + receipt + " " + again);
          });

  static final Catalog ALL =
      Catalog.builder().add(GREET, HOLD, HOLD_AGAIN, FAIL, BREAK, ASK_BOTH, LATER).build();

  private ExtensionTools() {}

  private static Tool holding(String name, boolean retryable) {
    return Tool.named(name)
        .description("Waits until its gate is opened")
        .input(Gated.class)
        .tasks(TaskSupport.OPTIONAL)
        .retryable(retryable)
        .handler((input, context) -> {
          latch(BEGUN, input.gate()).countDown();
          try {
            latch(OPEN, input.gate()).await();
          } catch (InterruptedException e) {
            latch(STOPPED, input.gate()).countDown();
            throw e;
          }
          return ToolResult.text("held " + input.gate());
        });
  }

  private static String text(ElicitResult<Name> answer) {
    return answer.accepted().map(Name::name).orElse("nobody");
  }

  private static CountDownLatch latch(Map<String, CountDownLatch> latches, String gate) {
    return latches.computeIfAbsent(gate, _ -> new CountDownLatch(1));
  }

  static void open(String gate) {
    latch(OPEN, gate).countDown();
  }

  static void awaitBegun(String gate) throws InterruptedException {
    await(BEGUN, gate);
  }

  static void awaitStopped(String gate) throws InterruptedException {
    await(STOPPED, gate);
  }

  private static void await(Map<String, CountDownLatch> latches, String gate)
      throws InterruptedException {
    if (!latch(latches, gate).await(Trio.FAULT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("waited too long for " + gate);
    }
  }
}
