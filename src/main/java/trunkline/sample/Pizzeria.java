package trunkline.sample;

import java.util.List;
import trunkline.feature.ClientCapability;
import trunkline.feature.Default;
import trunkline.feature.Description;
import trunkline.feature.ElicitResult;
import trunkline.feature.Range;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Asks the user by a form. The handler waits; the answer may be sent to any instance.
final class Pizzeria {
  enum Size {
    SMALL,
    MEDIUM,
    LARGE
  }

  enum Topping {
    MUSHROOMS,
    OLIVES,
    ONIONS,
    PINEAPPLE
  }

  record Table(@Default("1") @Range(min = 1, max = 20) int guests) {}

  record Order(
      @Default("MEDIUM") Size size,
      @Default("[]") @Description("as many as you like") List<Topping> toppings,
      @Default("false") boolean glutenFree) {}

  static final Tool TOOL =
      Tool.named("order_pizza")
          .title("Order a pizza")
          .description("Asks the user which pizza to bring")
          .needs(ClientCapability.ELICITATION)
          .tasks(TaskSupport.OPTIONAL)
          .input(Table.class)
          .handler((table, context) -> {
            var question = "Which pizza for %d?".formatted(table.guests());
            return ToolResult.text(
                switch (context.elicit(question, Order.class)) {
                  case ElicitResult.Accepted<Order>(var order) -> confirmation(table, order);
                  case ElicitResult.Declined<Order>() -> "No pizza then.";
                  case ElicitResult.Cancelled<Order>() -> "The kitchen is still waiting.";
                });
          });

  private Pizzeria() {}

  private static String confirmation(Table table, Order order) {
    return "%d × %s pizza with %s%s"
        .formatted(
            table.guests(),
            order.size(),
            order.toppings().isEmpty() ? "nothing on it" : order.toppings(),
            order.glutenFree() ? ", gluten-free" : "");
  }
}
