package trunkline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.feature.ScriptedContext;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

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
    assertThat(tools.getLast().bind(trunkline.jsonrpc.Codec.object()).run(new ScriptedContext()))
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
}
