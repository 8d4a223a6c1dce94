package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import trunkline.config.DatabaseChoice;
import trunkline.config.Option;
import trunkline.config.Options;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.testing.TestDatabase;

/// Goal: the shipped files for Kubernetes and compose say of the product what is true. Method: what
/// they name is looked up in it: options and their values, paths, ports, how long it takes to
/// leave.
class DeploymentFilesTest {
  private static final Path KUBERNETES = Path.of("src/main/deploy/kubernetes.yaml");
  private static final Path COMPOSE = Path.of("docker-compose.yml");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final List<String> PROBES =
      List.of("startupProbe", "readinessProbe", "livenessProbe");

  /// What a start may wait for the readers of a table.
  private static final int MIGRATION_MAX_SECONDS = 300;

  @TempDir private Path folder;

  private static List<JsonNode> documents() throws IOException {
    try (var documents =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(KUBERNETES))) {
      return documents.readAll();
    }
  }

  private static JsonNode document(String kind) throws IOException {
    return documents().stream()
        .filter(each -> each.path("kind").asString().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode pod() throws IOException {
    return document("Deployment").at("/spec/template/spec");
  }

  private static JsonNode container() throws IOException {
    return pod().at("/containers/0");
  }

  /// As Kubernetes puts it together.
  private static Map<String, String> environment() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (var each : container().path("env")) {
      var value = each.has("value") ? each.path("value").asString() : "10.1.2.3";
      environment.put(
          each.path("name").asString(),
          value.replace("$(POD_IP)", environment.getOrDefault("POD_IP", "")));
    }
    return environment;
  }

  private ServerConfig config() throws IOException {
    var environment = environment();
    var secret =
        document("Secret").at("/stringData").properties().stream().findFirst().orElseThrow();
    var file = Files.writeString(folder.resolve(secret.getKey()), secret.getValue().asString());
    assertThat(environment.put("TRUNKLINE_DATABASE_URL_FILE", file.toString()))
        .as("where the secret is mounted")
        .isEqualTo(container().at("/volumeMounts/0/mountPath").asString() + "/" + secret.getKey());
    return ServerConfig.read(Options.resolve(Map.of(), environment));
  }

  @Test
  void its_environment_is_a_configuration() throws IOException {
    var config = config();

    assertThat(config.advertise()).contains(URI.create("http://10.1.2.3:8080/mcp"));
    assertThat(config.database()).isInstanceOf(DatabaseChoice.External.class);
    assertThat(pod().at("/volumes/0/secret/secretName"))
        .isEqualTo(document("Secret").at("/metadata/name"));
    assertThat(port("mcp")).isEqualTo(config.http().port());
    assertThat(port("management")).isEqualTo(config.http().management().orElseThrow().port());
    assertThat(Exposure.isExposed(config.http())).isFalse();
  }

  @Test
  void it_waits_for_what_an_instance_takes_to_start_and_to_leave() throws IOException {
    assertThat(pod().path("terminationGracePeriodSeconds").asLong())
        .isGreaterThanOrEqualTo(config().policies().drain().longest().toSeconds());
    var probe = container().path("startupProbe");
    assertThat(probe.path("periodSeconds").asInt() * probe.path("failureThreshold").asInt())
        .isGreaterThan(MIGRATION_MAX_SECONDS);
    var ready = container().path("readinessProbe");
    assertThat(ready.path("periodSeconds").asInt() * ready.path("failureThreshold").asInt())
        .as("balancers look away within the delay")
        .isLessThan((int) config().policies().drain().delay().toSeconds());
  }

  @Test
  void its_parts_mean_each_other() throws IOException {
    var labels = document("Deployment").at("/spec/template/metadata/labels");

    assertThat(document("Deployment").at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(document("Service").at("/spec/selector")).isEqualTo(labels);
    assertThat(document("PodDisruptionBudget").at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(document("HorizontalPodAutoscaler").at("/spec/scaleTargetRef/name"))
        .isEqualTo(document("Deployment").at("/metadata/name"));
    assertThat(document("Service").at("/spec/ports")).hasSize(1);
    assertThat(document("Service").at("/spec/ports/0/targetPort").asString()).isEqualTo("mcp");
  }

  @Test
  void what_it_asks_is_answered_where_it_asks(TestDatabase db) throws IOException {
    try (var server =
        Trunkline.builder()
            .catalog(Catalog.builder().build())
            .databaseUrl(db.url())
            .databaseUser(db.user())
            .databasePassword(db.password())
            .port(0)
            .managementPort(0)
            .start()) {
      for (var name : PROBES) {
        var asked = container().path(name).path("httpGet");
        assertThat(asked.path("port").asString()).isEqualTo("management");
        var url = "http://localhost:" + server.managementPort() + asked.path("path").asString();
        var answer = (HttpURLConnection) URI.create(url).toURL().openConnection();
        assertThat(answer.getResponseCode()).as(url).isEqualTo(200);
      }
      server.hurry();
    }
  }

  @Test
  void a_variable_that_is_set_is_an_option() throws IOException {
    for (var file : List.of(KUBERNETES, COMPOSE, Path.of("src/main/deploy/Dockerfile"))) {
      assertThat(variables(Files.readString(file)))
          .as(file.toString())
          .isNotEmpty()
          .allMatch(key -> Option.find(key).isPresent());
    }
  }

  @Test
  void compose_waits_as_long_as_an_instance_takes_to_leave() throws IOException {
    var period = YAML.readTree(Files.readString(COMPOSE)).at("/x-instance/stop_grace_period");

    assertThat(period.asString()).matches("\\d+s");
    assertThat(Long.parseLong(period.asString().replace("s", "")))
        .isGreaterThanOrEqualTo(config().policies().drain().longest().toSeconds());
  }

  private static Stream<String> variables(String text) {
    return Pattern.compile("TRUNKLINE_([A-Z_]+)")
        .matcher(text)
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static int port(String name) throws IOException {
    for (var each : container().path("ports")) {
      if (each.path("name").asString().equals(name)) {
        return each.path("containerPort").asInt();
      }
    }
    throw new AssertionError("no port " + name);
  }
}
