package trunkline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.Catalog;
import trunkline.feature.Content;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

class FeatureLoaderTest {
  private static final String PROVIDER =
      """
      package orders;

      import trunkline.feature.*;

      public final class OrdersCatalog implements CatalogProvider {
        public String name() {
          return "orders";
        }

        public void addTo(Catalog.Builder catalog) {
          catalog.add(
              Tool.named("NAME").description("Orders").handler((none, context) -> ToolResult.text("ok")));
        }
      }
      """;

  @TempDir Path folder;

  /// A user's jar, as their build would make it.
  private Path jar(String toolName, boolean declared) throws IOException {
    var source = Files.createDirectories(folder.resolve("orders")).resolve("OrdersCatalog.java");
    Files.writeString(source, PROVIDER.replace("NAME", toolName));
    var status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), source.toString());
    assertThat(status).isZero();
    var jar = folder.resolve(toolName + ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("orders/OrdersCatalog.class"));
      Files.copy(folder.resolve("orders/OrdersCatalog.class"), out);
      if (declared) {
        out.putNextEntry(new JarEntry("META-INF/services/trunkline.feature.CatalogProvider"));
        out.write("orders.OrdersCatalog\n".getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  @Test
  void names_and_jars_make_one_catalog() throws Exception {
    var catalog = FeatureLoader.load("sample, " + jar("list_orders", true));

    var tools = catalog.tools(Switches.ALL_ON, null).features();
    assertThat(tools).extracting(Tool::name).startsWith("calculate").endsWith("list_orders");
    assertThat(tools.getLast().bind(Codec.object()).run(new ScriptedContext()))
        .isEqualTo(ToolResult.text("ok"));
  }

  @Test
  void a_name_given_twice_counts_once() {
    assertThat(FeatureLoader.load("conformance,conformance").hasTools()).isTrue();
  }

  @Test
  void what_cannot_be_had_is_said_with_what_can() throws Exception {
    assertThatThrownBy(() -> FeatureLoader.load("smaple"))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("'smaple'")
        .hasMessageContaining("conformance, sample");
    assertThat(FeatureLoader.unknown("sample", Set.of()))
        .as("a program that embeds us")
        .hasMessageContaining("none are on the class path: start the server with a catalog");
    assertThatThrownBy(() -> FeatureLoader.load("")).isInstanceOf(FeaturesUnknown.class);
    assertThatThrownBy(() -> FeatureLoader.load("missing.jar"))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("missing.jar");
    var undeclared = jar("list_orders", false).toString();
    assertThatThrownBy(() -> FeatureLoader.load(undeclared))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("META-INF/services");
    var clashing = jar("calculate", true).toString();
    assertThatThrownBy(() -> FeatureLoader.load("sample," + clashing))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("calculate");
  }

  private static final String SHOP =
      """
      package shop;

      import java.util.List;
      import java.util.function.Consumer;
      import trunkline.feature.*;

      public final class ShopCatalog implements CatalogProvider {
        private String url = "";
        private int limit;

        public String name() {
          return "shop";
        }

        public void open(Settings settings) {
          url = settings.require("url");
          limit = settings.find("max-items", Integer::valueOf).orElse(7);
        }

        public void addTo(Catalog.Builder catalog) {
          catalog.add(
              Tool.named("where").description("Where").handler((none, context) ->
                  ToolResult.text(url + " " + limit + " " + Prices.of("tea"))));
        }

        public void close() {
          System.setProperty("shop.closed", System.getProperty("shop.closed", "") + url + ";");
        }
      }
      """;

  private static final String PRICES =
      """
      package shop;

      public final class Prices {
        public static String of(String thing) {
          return thing + " costs 3";
        }
      }
      """;

  /// A folder with a jar of the catalog and one of what it needs, or with the latter elsewhere and
  /// named in the manifest of the former.
  private Path shop(boolean beside) throws IOException {
    var sources = Files.createDirectories(folder.resolve("source"));
    var catalog = Files.writeString(sources.resolve("ShopCatalog.java"), SHOP);
    var prices = Files.writeString(sources.resolve("Prices.java"), PRICES);
    var classes = Files.createDirectories(folder.resolve("classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-d",
                    classes.toString(),
                    catalog.toString(),
                    prices.toString()))
        .isZero();
    var tools = Files.createDirectories(folder.resolve("tools"));
    var needed = beside ? tools : Files.createDirectories(folder.resolve("lib"));
    var manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    if (!beside) {
      manifest.getMainAttributes().putValue("Class-Path", "../lib/prices.jar");
    }
    try (var out =
        new JarOutputStream(Files.newOutputStream(tools.resolve("shop.jar")), manifest)) {
      out.putNextEntry(new JarEntry("shop/ShopCatalog.class"));
      Files.copy(classes.resolve("shop/ShopCatalog.class"), out);
      out.putNextEntry(new JarEntry("META-INF/services/trunkline.feature.CatalogProvider"));
      out.write("shop.ShopCatalog\n".getBytes(StandardCharsets.UTF_8));
    }
    try (var out = new JarOutputStream(Files.newOutputStream(needed.resolve("prices.jar")))) {
      out.putNextEntry(new JarEntry("shop/Prices.class"));
      Files.copy(classes.resolve("shop/Prices.class"), out);
    }
    return tools;
  }

  private static String where(Catalog catalog) throws Exception {
    var tool = catalog.findTool(Switches.ALL_ON, "where").orElseThrow();
    var result = tool.bind(Codec.object()).run(new ScriptedContext());
    return ((Content.Text) result.content().getFirst()).text();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_catalog_brings_what_it_needs_in_its_folder_or_by_its_class_path(boolean beside)
      throws Exception {
    var tools = shop(beside);

    var catalog =
        FeatureLoader.load(
            List.of((beside ? tools : tools.resolve("shop.jar")).toString()),
            Map.of("shop.url", "https://shop.example", "SHOP_MAX_ITEMS", "9"));
    catalog.retain();

    assertThat(where(catalog)).isEqualTo("https://shop.example 9 tea costs 3");
    System.clearProperty("shop.closed");
    catalog.release(e -> {
      throw new AssertionError(e);
    });
    assertThat(System.getProperty("shop.closed")).isEqualTo("https://shop.example;");
  }

  @Test
  void a_wrong_setting_is_said_and_what_was_opened_is_closed() throws Exception {
    var tools = List.of(shop(true).toString());

    assertThatThrownBy(() -> FeatureLoader.load(tools, Map.of()))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("--set shop.url=", "TRUNKLINE_SET_SHOP_URL");
    assertThatThrownBy(
            () -> FeatureLoader.load(tools, Map.of("shop.url", "u", "shop.max.items", "many")))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("shop.max-items cannot be 'many'");
    System.clearProperty("shop.closed");
    assertThatThrownBy(() -> FeatureLoader.load(tools, Map.of("shop.url", "u", "shop.urll", "v")))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("shop.urll")
        .hasMessageContaining("shop.max.items, shop.url");
    assertThat(System.getProperty("shop.closed")).isEqualTo("u;");
    assertThatThrownBy(() -> FeatureLoader.load(List.of("sample"), Map.of("sample.x", "1")))
        .hasMessageContaining("there are none");
  }

  @Test
  void a_folder_without_jars_is_said() throws Exception {
    var empty = Files.createDirectories(folder.resolve("empty"));

    assertThatThrownBy(() -> FeatureLoader.load(empty.toString()))
        .isInstanceOf(FeaturesUnknown.class)
        .hasMessageContaining("has no .jar");
  }
}
