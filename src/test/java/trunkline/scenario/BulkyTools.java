package trunkline.scenario;

import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// Tools of instances in processes of their own, with results that are as large as a client asks.
public final class BulkyTools implements CatalogProvider {
  /// @param kilobytes of the result's text
  /// @param words messages of the same size before it
  record Bulk(int kilobytes, int words) {}

  private static final Tool BULK =
      Tool.named("bulk")
          .description("Says much")
          .input(Bulk.class)
          .handler((bulk, context) -> {
            var text = "0123456789abcdef".repeat(64 * bulk.kilobytes());
            for (var word = 0; word < bulk.words(); word++) {
              context.log(LogLevel.ERROR, text);
            }
            return ToolResult.text(text);
          });

  @Override
  public String name() {
    return "bulky";
  }

  @Override
  public void addTo(Catalog.Builder catalog) {
    catalog.add(BULK);
  }
}
