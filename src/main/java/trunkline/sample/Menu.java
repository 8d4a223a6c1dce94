package trunkline.sample;

import java.util.List;
import trunkline.feature.AppView;
import trunkline.feature.Resource;
import trunkline.feature.Tool;

/// A page that clients show beside the conversation (MCP Apps). Others show the text of the answer.
final class Menu {
  private static final String VIEW = "ui://sample/menu.html";

  record Dish(String name, int cents) {}

  record Dishes(List<Dish> dishes) {}

  private static final Dishes DISHES =
      new Dishes(
          List.of(new Dish("Marinara", 650), new Dish("Funghi", 850), new Dish("Hawaii", 900)));

  static final Tool TOOL =
      Tool.named("show_menu")
          .title("Show the menu")
          .description("Shows what the pizzeria has, on a page where the client can")
          .output(Dishes.class)
          .readOnly()
          .ui(VIEW)
          .handler((none, context) -> DISHES);

  /// Says that it is there, then gets what the tool has answered.
  private static final String HTML =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>Menu</title>
        <style>
          body { font-family: var(--font-sans, sans-serif); color: var(--color-text-primary, black) }
          td { padding: 0.2em 1em 0.2em 0 }
        </style>
      </head>
      <body>
        <table id="dishes"></table>
        <script>
          const say = message => parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
          addEventListener('message', ({ source, data }) => {
            if (source !== parent) {
              return;
            }
            if (data.id === 1 && data.result) {
              say({ method: 'ui/notifications/initialized' });
            } else if (data.method === 'ui/notifications/tool-result') {
              const table = document.getElementById('dishes');
              table.replaceChildren();
              for (const { name, cents } of data.params.structuredContent.dishes) {
                const row = table.insertRow();
                row.insertCell().textContent = name;
                row.insertCell().textContent = (cents / 100).toFixed(2);
              }
              say({
                method: 'ui/notifications/size-changed',
                params: { width: document.body.scrollWidth, height: document.body.scrollHeight },
              });
            } else if (data.method === 'ping' || data.method === 'ui/resource-teardown') {
              say({ id: data.id, result: {} });
            }
          });
          say({
            id: 1,
            method: 'ui/initialize',
            params: {
              protocolVersion: '2026-01-26',
              appInfo: { name: 'menu', version: '1' },
              appCapabilities: {},
            },
          });
        </script>
      </body>
      </html>
      """;

  static final Resource PAGE =
      Resource.app(VIEW, AppView.PLAIN.bordered(true))
          .name("menu")
          .title("Menu")
          .description("The page of show_menu")
          .text((request, context) -> HTML);

  private Menu() {}
}
