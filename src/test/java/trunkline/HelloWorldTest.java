package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import trunkline.adapter.annotated.AnnotatedFeatures;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestDatabase;

/// The shortest servers; their code is what `coming-from.md` counts.
class HelloWorldTest {
  record Person(String name) {}

  static Server greeting(String databaseUrl) {
    var greet =
        Tool.named("greet")
            .description("Greets somebody by name")
            .input(Person.class)
            .handler((person, context) -> ToolResult.text("Hello, " + person.name() + "!"));
    var catalog = Catalog.builder().add(greet).build();
    return Trunkline.builder().catalog(catalog).databaseUrl(databaseUrl).port(0).start();
  }

  static final class Greetings {
    @io.quarkiverse.mcp.server.Tool(description = "Greets somebody by name")
    public String greet(String name) {
      return "Hello, " + name + "!";
    }
  }

  static Server adopted(String databaseUrl) {
    var catalog = Catalog.builder();
    AnnotatedFeatures.of(new Greetings()).addTo(catalog);
    return Trunkline.builder().catalog(catalog.build()).databaseUrl(databaseUrl).port(0).start();
  }

  private static String greeted(Server server) throws InterruptedException {
    try (var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25");
      return client
          .on(url)
          .call("greet", "{\"name\":\"Ada\"}")
          .result()
          .at("/content/0/text")
          .asString();
    }
  }

  @Test
  void each_greets(TestDatabase db) throws InterruptedException {
    var url = db.url() + "?user=" + db.user() + "&password=" + db.password();
    try (var one = greeting(url);
        var other = adopted(url)) {
      assertThat(greeted(one)).isEqualTo("Hello, Ada!");
      assertThat(greeted(other)).isEqualTo("Hello, Ada!");
    }
  }
}
