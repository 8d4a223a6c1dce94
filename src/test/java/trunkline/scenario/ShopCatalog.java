package trunkline.scenario;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import tools.jackson.databind.node.IntNode;
import trunkline.feature.Annotations;
import trunkline.feature.AppView;
import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.Content;
import trunkline.feature.Icon;
import trunkline.feature.Implementation;
import trunkline.feature.Meta;
import trunkline.feature.Resource;
import trunkline.feature.Role;
import trunkline.feature.Settings;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// What the page on tools says of a catalog that is somebody's own; its code is this code.
final class ShopCatalog implements CatalogProvider {
  private URI url = URI.create("https://shop.example");
  private int limit;

  @Override
  public String name() {
    return "shop";
  }

  @Override
  public void open(Settings settings) {
    url = URI.create(settings.require("url"));
    limit = settings.find("limit", Integer::valueOf).orElse(100);
  }

  @Override
  public void addTo(Catalog.Builder catalog) {
    var http = HttpClient.newHttpClient();
    catalog
        .server(
            Implementation.of("shop", "2.1")
                .withTitle("The shop")
                .withDescription("Sells")
                .withWebsiteUrl("https://shop.example")
                .withIcon(new Icon("https://shop.example/i.png")))
        .instructions("Buy something.")
        .headers("X-Tenant")
        .closing(http)
        .add(CART, CART_PAGE, BUY, RECEIPT, tea());
  }

  private Tool tea() {
    return Tool.named("find_tea")
        .description("Finds tea")
        .handler((_, _) -> ToolResult.text("up to " + limit + " from " + url));
  }

  static final Tool BUY =
      Tool.named("buy")
          .description("Buys tea")
          .handler((_, context) -> {
            var tenant = context.header("X-Tenant").orElse("nobody's");
            var may = context.identity().claim("may_buy").isPresent();
            var program = context.client().map(Implementation::name).orElse("a client");
            return ToolResult.text(
                "%s, in %s, by %s".formatted(may ? "bought" : "refused", tenant, program));
          });

  private static final Tool RECEIPT =
      Tool.named("show_receipt")
          .description("Shows what was paid")
          .handler((_, context) -> {
            context.resultMeta("shop.example/points", IntNode.valueOf(3));
            return receipt(new byte[] {1});
          });

  private static ToolResult receipt(byte[] picture) {
    return ToolResult.of(
            Content.text("Paid.").annotated(Annotations.forAudience(Role.USER).withPriority(1)),
            Content.image(picture, "image/png"),
            Content.link(CART_PAGE)
                .annotated(Annotations.NONE.withLastModified(Instant.now()))
                .withMeta(Meta.of("shop.example/order", "4711")))
        .withMeta(Meta.of("shop.example/warehouse", "north"));
  }

  static final Tool CART =
      Tool.named("show_cart")
          .description("Shows the cart")
          .ui("ui://shop/cart.html")
          .handler((_, _) -> ToolResult.text("Tea, twice."));

  static final Resource CART_PAGE =
      Resource.app(
              "ui://shop/cart.html",
              AppView.PLAIN.connectingTo("https://api.shop.example").bordered(true))
          .name("cart")
          .text((_, _) -> "<!DOCTYPE html><html lang=\"en\"><title>Cart</title></html>");
}
