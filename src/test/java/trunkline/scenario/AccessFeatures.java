package trunkline.scenario;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// What there is to use in an [AccessTable]: the same in the toolset as in the whole catalog.
final class AccessFeatures {
  static final String[] SCOPES = {"kitchen:bake", "kitchen:fry"};

  /// How many handlers have run, but for tasks, which run when they run.
  static final AtomicInteger RUNS = new AtomicInteger();

  record Name(String name) {}

  private AccessFeatures() {}

  static Catalog catalog() {
    return Catalog.builder()
        .add(
            Tool.named("locked")
                .description("Needs two scopes")
                .requires(SCOPES)
                .handler((none, context) -> ToolResult.text(ran("locked"))),
            Tool.named("slow")
                .description("Needs them, too, and may be a task")
                .tasks(TaskSupport.OPTIONAL)
                .requires(SCOPES)
                .handler((none, context) -> ToolResult.text("slow")),
            Tool.named("open")
                .description("Needs none")
                .handler((none, context) -> ToolResult.text(ran("open"))),
            Tool.named("ask")
                .description("Asks for a name")
                .retryable(true)
                .handler((none, context) -> {
                  RUNS.incrementAndGet();
                  return ToolResult.text(
                      context.elicit("Who?", Name.class).accepted().map(Name::name).orElse("-"));
                }),
            Resource.at("kitchen://locked")
                .requires(SCOPES)
                .text((request, context) -> ran("locked")),
            ResourceTemplate.matching("locked://{dish}")
                .completes("dish", Completer.inContext((value, settled, context) -> suggested()))
                .requires(SCOPES)
                .text((request, context) -> ran("dish")),
            Prompt.named("locked")
                .argument(
                    PromptArgument.optional("dish", "a dish")
                        .completedBy(Completer.inContext((value, settled, context) -> suggested())))
                .requires(SCOPES)
                .handler((arguments, context) -> List.of(PromptMessage.user(ran("locked")))))
        .toolset("kitchen", kitchen -> kitchen.pick(_ -> true))
        .build();
  }

  private static String ran(String what) {
    RUNS.incrementAndGet();
    return what;
  }

  private static Completion suggested() {
    return Completion.of(List.of(ran("soup")));
  }
}
