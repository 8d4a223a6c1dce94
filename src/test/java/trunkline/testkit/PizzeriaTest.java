package trunkline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import trunkline.feature.Default;
import trunkline.feature.ElicitResult;
import trunkline.feature.Tool;

/// What the documentation says about testing a tool; its code is this code.
class PizzeriaTest {
  enum Size {
    MEDIUM,
    LARGE
  }

  record Table(int guests) {}

  record Order(@Default("MEDIUM") Size size, boolean glutenFree) {}

  record Bill(String pizza, int euros) {}

  private static final Tool ORDER_PIZZA =
      Tool.named("order_pizza")
          .description("Asks the user which pizza to bring")
          .input(Table.class)
          .output(Bill.class)
          .handler((table, context) -> {
            context.progress(1, 2);
            var order =
                context.elicit("Which pizza for %d?".formatted(table.guests()), Order.class);
            return switch (order) {
              case ElicitResult.Accepted<Order>(var pizza) ->
                  new Bill(pizza.size() + " pizza", 9 * table.guests());
              case ElicitResult.Declined<Order>() -> new Bill("no pizza", 0);
              case ElicitResult.Cancelled<Order>() -> new Bill("no pizza yet", 0);
            };
          });

  @Test
  void the_user_chooses_the_pizza() throws Exception {
    var context = new ScriptedContext().answer(new Order(Size.LARGE, false)).decline();

    var bill = ORDER_PIZZA.call(new Table(4), context).structured(Bill.class);

    assertThat(bill).isEqualTo(new Bill("LARGE pizza", 36));
    assertThat(context.questions().getFirst().message()).isEqualTo("Which pizza for 4?");
    assertThat(ORDER_PIZZA.call(new Table(4), context).text()).contains("no pizza");
  }

  @RegisterExtension static TrunklineServers servers = TrunklineServers.of(ORDER_PIZZA);

  @Test
  void the_answer_may_go_to_another_instance() throws Exception {
    var client = servers.client().answer(new Order(Size.LARGE, true));

    var bill = client.call("order_pizza", new Table(2)).structured(Bill.class);

    assertThat(bill).isEqualTo(new Bill("LARGE pizza", 18));
    assertThat(client.progress()).hasSize(1);
  }

  @Test
  void is_as_good_for_clients_without_sessions() throws Exception {
    var client = servers.client("2026-07-28").answer(new Order(Size.LARGE, true));

    assertThat(client.call("order_pizza", new Table(2)).structured(Bill.class).euros())
        .isEqualTo(18);
    assertThat(client.tools()).isEqualTo(List.of("order_pizza"));
  }
}
