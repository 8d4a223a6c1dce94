package trunkline.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Catalog;
import trunkline.feature.RequestContext;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;

/// Tools with steps that are done once, and a book of what they did.
final class StepTools {
  final Queue<String> deeds = new ConcurrentLinkedQueue<>();

  /// Between the two steps of a first run.
  final Gate gate = new Gate();

  /// And of a second: nobody stops the handler of an instance that a test lets die.
  final Gate again = new Gate();

  /// Within the second, which does not hear an interrupt.
  final Gate bank = new Gate();

  @FunctionalInterface
  interface Bank {
    Receipt pay(String order, int amount);
  }

  record Receipt(String order, int amount, @Nullable String note) {}

  private final Tool pay =
      Tool.named("pay")
          .description("Makes an order, waits at the gate, pays at the bank")
          .idempotent()
          .tasks(TaskSupport.OPTIONAL)
          .handler((_, context) -> {
            var _ = context.once("order", String.class, () -> UUID.randomUUID().toString());
            gate.enter();
            gate.begin();
            (gate.runs() == 1 ? gate : again).pass();
            var receipt = pay(context, this::paid, 5);
            context.progress(1, 2);
            return ToolResult.text("paid " + receipt.amount() + " " + receipt.order());
          });

  /// As in the documentation.
  private static Receipt pay(RequestContext context, Bank bank, int amount) {
    var order = context.once("order", String.class, () -> UUID.randomUUID().toString());
    return context.once("pay", Receipt.class, () -> bank.pay(order, amount));
  }

  private Receipt paid(String order, int amount) {
    deeds.add("paid");
    bank.begin();
    bank.passUninterrupted();
    return new Receipt(order, amount, null);
  }

  private final Tool payBlindly =
      Tool.named("pay_blindly")
          .description("Does a step though it never runs again")
          .handler((_, context) ->
              ToolResult.text(
                  context.once("pay", String.class, () -> "paid " + deeds.size())
                      + context.once("pay", String.class, () -> "twice")));

  private final Tool stumble =
      Tool.named("stumble")
          .description("Does a step that fails at first")
          .idempotent()
          .handler((_, context) -> {
            for (var i = 0; i < 3; i++) {
              try {
                return ToolResult.text(context.once("step", String.class, this::stumbling));
              } catch (ToolFailed e) {
                deeds.add(String.valueOf(e.getMessage()));
              }
            }
            throw new ToolFailed("never");
          });

  private final AtomicInteger stumbles = new AtomicInteger();

  private String stumbling() {
    if (stumbles.incrementAndGet() == 1) {
      throw new ToolFailed("stumbled");
    }
    return "stood after " + stumbles.get();
  }

  private final Tool together =
      Tool.named("together")
          .description("Ten threads want the same step, and ten each a step of its own")
          .idempotent()
          .handler((_, context) -> {
            var all = new ArrayList<String>();
            var started = new CountDownLatch(20);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
              var results = new ArrayList<Future<String>>();
              for (var i = 0; i < 20; i++) {
                var name = i < 10 ? "same" : "own " + i;
                results.add(
                    threads.submit(() -> {
                      started.countDown();
                      started.await(10, TimeUnit.SECONDS);
                      return context.once(
                          name,
                          String.class,
                          () -> {
                            deeds.add(name);
                            return UUID.randomUUID().toString();
                          });
                    }));
              }
              for (var result : results) {
                all.add(result.get());
              }
            }
            return ToolResult.text(String.valueOf(all.stream().distinct().count()));
          });

  private final Tool careless =
      Tool.named("careless")
          .description("Breaks the rules of steps, and says how it was told")
          .idempotent()
          .handler((_, context) -> {
            var told = new ArrayList<String>();
            for (var rule : rules(context)) {
              try {
                rule.run();
                told.add("nothing");
              } catch (IllegalArgumentException | IllegalStateException e) {
                told.add(String.valueOf(e.getMessage()));
              }
            }
            return ToolResult.text(String.join("\n", told));
          });

  private static List<Runnable> rules(RequestContext context) {
    return List.of(
        () -> context.once("", String.class, () -> "nameless"),
        () -> context.once("n".repeat(129), String.class, () -> "long"),
        () -> context.once("big", String.class, () -> "x".repeat(65_536)),
        () ->
            context.once(
                "self", String.class, () -> context.once("self", String.class, () -> "in itself")),
        () -> {
          for (var i = 0; i < 70; i++) {
            var value = "v" + i;
            context.once("step " + i, String.class, () -> value);
          }
        });
  }

  Catalog catalog() {
    return Catalog.builder().add(pay, payBlindly, stumble, together, careless).build();
  }
}
