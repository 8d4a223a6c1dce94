package trunkline.scenario;

import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.ElicitResult;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// Tools for processes that hand what they are told to wherever it can go, and fail with it.
public final class SpillingTools implements CatalogProvider {
  record Told(String text) {}

  private static final Tool KEEP =
      Tool.named("keep")
          .description("Keeps the text, logs it to the client, answers it")
          .tasks(TaskSupport.OPTIONAL)
          .input(Told.class)
          .handler((told, context) -> {
            context.values().put("kept", told.text());
            context.log(LogLevel.ERROR, told.text());
            return ToolResult.text(told.text());
          });

  private static final Tool ASK =
      Tool.named("ask")
          .description("Asks the user, keeps the answer")
          .input(Told.class)
          .handler((told, context) -> {
            var answer = context.elicit(told.text(), AskingTools.Who.class);
            if (answer instanceof ElicitResult.Accepted<AskingTools.Who>(var who)) {
              context.values().put("who", who.name());
            }
            return ToolResult.text(answer.toString());
          });

  private static final Tool BREAK =
      Tool.named("break")
          .description("Fails as a defect does")
          .tasks(TaskSupport.OPTIONAL)
          .input(Told.class)
          .handler((told, _) -> {
            throw new IllegalStateException(told.text(), new RuntimeException(told.text()));
          });

  private static final Tool GIVE_UP =
      Tool.named("give_up")
          .description("Fails as a tool may")
          .tasks(TaskSupport.OPTIONAL)
          .input(Told.class)
          .handler((told, _) -> {
            throw new ToolFailed(told.text());
          });

  @Override
  public String name() {
    return "spilling";
  }

  @Override
  public void addTo(Catalog.Builder catalog) {
    catalog.add(KEEP, ASK, BREAK, GIVE_UP);
  }
}
