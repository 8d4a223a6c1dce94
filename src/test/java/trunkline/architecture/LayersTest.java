package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A package may use only packages listed before it. The list is the architecture.
class LayersTest {
  private static final List<String> BOTTOM_TO_TOP =
      List.of(
          "trunkline.telemetry",
          "trunkline.otlp",
          "trunkline.memory",
          "trunkline.jsonrpc",
          "trunkline.trace",
          "trunkline.shape",
          "trunkline.feature",
          "trunkline.adapter.sdk",
          "trunkline.adapter.annotated",
          "trunkline.store",
          "trunkline.schema",
          "trunkline.embedded",
          "trunkline.tls",
          "trunkline.socket",
          "trunkline.signal",
          "trunkline.cluster",
          "trunkline.history",
          "trunkline.session",
          "trunkline.announcement",
          "trunkline.seal",
          "trunkline.catalog",
          "trunkline.stream",
          "trunkline.call",
          "trunkline.exchange",
          "trunkline.task",
          "trunkline.access",
          "trunkline.access.oauth",
          "trunkline.rate",
          "trunkline.access.key",
          "trunkline.audit",
          "trunkline.doctor",
          "trunkline.status",
          "trunkline.protocol.wire",
          "trunkline.protocol.listen",
          "trunkline.protocol.around",
          "trunkline.protocol.round",
          "trunkline.protocol.run",
          "trunkline.protocol.method",
          "trunkline.protocol",
          "trunkline.http",
          "trunkline.page",
          "trunkline.welcome",
          "trunkline.console.chart",
          "trunkline.console.visitor",
          "trunkline.console",
          "trunkline.stdio",
          "trunkline.config",
          "trunkline",
          "trunkline.testkit",
          "trunkline.cli");

  /// Catalogs are written against the API that users have, and nothing else of ours.
  private static final Set<String> CATALOGS = Set.of("trunkline.sample", "trunkline.conformance");

  private static final Set<String> CATALOGS_MAY_USE =
      Set.of("trunkline.feature", "trunkline.jsonrpc");

  private static final Pattern EDGE =
      Pattern.compile(
          "^\\s+(trunkline[\\w.]*)\\s+->\\s+(trunkline[\\w.]*)\\s.*$", Pattern.MULTILINE);

  /// `/// | `store` | how to speak to PostgreSQL | |`
  private static final Pattern ROW = Pattern.compile("(?m)^/// \\| (`[a-z.]+`|\\(root\\)) \\|.*$");

  record Edge(String from, String to) {
    boolean isAllowed() {
      if (from.equals(to)) {
        return true;
      }
      if (CATALOGS.contains(from)) {
        return CATALOGS_MAY_USE.contains(to);
      }
      return BOTTOM_TO_TOP.contains(to) && BOTTOM_TO_TOP.indexOf(to) < BOTTOM_TO_TOP.indexOf(from);
    }
  }

  @Test
  void packages_depend_downwards_only() {
    var edges = packageEdges("target/classes");

    assertThat(edges).as("jdeps sees the packages").hasSizeGreaterThan(5);
    assertThat(edges).filteredOn(edge -> !edge.isAllowed()).isEmpty();
  }

  @Test
  void the_api_stands_on_json_and_its_shapes_alone() {
    assertThat(packageEdges("target/classes"))
        .filteredOn(
            edge -> edge.from().equals("trunkline.feature") && !edge.to().equals(edge.from()))
        .containsExactlyInAnyOrder(
            new Edge("trunkline.feature", "trunkline.jsonrpc"),
            new Edge("trunkline.feature", "trunkline.shape"));
  }

  @Test
  void every_package_has_a_place() {
    var packages =
        Sources.under(Sources.MAIN).stream()
            .map(source ->
                "trunkline" + (source.shortPackage().isEmpty() ? "" : ".") + source.shortPackage())
            .collect(Collectors.toSet());

    packages.removeAll(BOTTOM_TO_TOP);
    packages.removeAll(CATALOGS);

    assertThat(packages).isEmpty();
  }

  @Test
  void the_root_package_documents_this_order() throws IOException {
    var table =
        ROW.matcher(Files.readString(Path.of("src/main/java/trunkline/package-info.java")))
            .results()
            .map(row -> row.group(1))
            .map(name -> name.equals("(root)") ? "trunkline" : "trunkline." + name.replace("`", ""))
            .toList();

    assertThat(table).isEqualTo(BOTTOM_TO_TOP);
  }

  @Test
  void finds_a_dependency_that_points_up() {
    assertThat(new Edge("trunkline.store", "trunkline.stream").isAllowed()).isFalse();
    assertThat(new Edge("trunkline.sample", "trunkline.store").isAllowed()).isFalse();
    assertThat(new Edge("trunkline.stream", "trunkline.store").isAllowed()).isTrue();
  }

  private static List<Edge> packageEdges(String classes) {
    var out = new StringWriter();
    var errors = new StringWriter();
    var code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(errors),
                "-verbose:package",
                "-filter:none",
                "--ignore-missing-deps",
                "--multi-release",
                "25",
                classes);
    assertThat(code).as(out.toString() + errors).isZero();
    return EDGE.matcher(out.toString())
        .results()
        .map(found -> new Edge(home(found.group(1)), home(found.group(2))))
        .distinct()
        .toList();
  }

  /// Templates are compiled beside the package that fills them.
  private static String home(String name) {
    return switch (name) {
      case "trunkline.console.template" -> "trunkline.console";
      case "trunkline.console.template.welcome" -> "trunkline.welcome";
      default -> name;
    };
  }
}
