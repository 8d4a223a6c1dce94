package trunkline.scenario;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static trunkline.testing.Json.json;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import trunkline.Server;
import trunkline.config.ServerConfig;
import trunkline.telemetry.ServerEvent.CertificateRead;
import trunkline.telemetry.ServerEvent.CertificateUnread;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestAuthority;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.tls.TlsUnusable;

/// Goal: a cluster whose instances speak TLS themselves is the same for clients, and its
/// certificates are renewed under way.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsAcrossInstancesTest {
  private final TestCluster cluster;
  private final ScenarioTools tools = new ScenarioTools();
  private TestAuthority authority;
  private SSLContext tls;
  private Path certificate;
  private Path key;
  private Instance a;
  private Instance b;
  private Instance c;

  TlsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    authority = TestAuthority.create(folder);
    tls = authority.trusting();
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
    Files.copy(authority.serverCertificate(), certificate);
    Files.copy(authority.serverKey(), key);
    cluster
        .with(tools.catalog())
        .with("tls-certificate", certificate.toString())
        .with("tls-key", key.toString());
    a = cluster.start("a");
    b = cluster.start("b", "management-port", "0");
    c = cluster.start("c", "management-port", "0", "management-tls", "true");
    for (var instance : List.of(a, b, c)) {
      instance.events().await(CertificateRead.class);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private McpTestClient connectedTo(Instance instance) throws InterruptedException {
    var client = new McpTestClient().withTls(tls);
    client.on(instance).connect(Trio.REVISION, Trio.EVERYTHING);
    return client;
  }

  private X509Certificate shownBy(Instance instance) throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
      var request = HttpRequest.newBuilder(instance.url().resolve("/observe/health/ready")).build();
      var session = client.send(request, BodyHandlers.discarding()).sslSession();
      return (X509Certificate) session.map(TlsAcrossInstancesTest::peer).orElseThrow();
    }
  }

  private static Certificate peer(SSLSession session) {
    try {
      return session.getPeerCertificates()[0];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void renew(TestAuthority.Issued issued, Path certificate, Path key)
      throws IOException {
    Files.copy(issued.key(), key, REPLACE_EXISTING);
    Files.copy(issued.certificate(), certificate, REPLACE_EXISTING);
  }

  @Test
  void sessions_calls_and_answers_go_anywhere() throws Exception {
    try (var client = connectedTo(a)) {
      assertThat(client.on(b).call("echo", json("{'text':'over TLS'}")).text())
          .contains("over TLS");
      var asking = client.on(b).call("ask_name").sse();
      var question = asking.nextMessage("elicitation/create");
      assertThat(client.on(c).respond(question, Trio.ADA).status()).isEqualTo(202);
      assertThat(asking.nextResponse().toString()).contains("Ada");
    }
    try (var client = new StatelessTestClient().withTls(tls)) {
      assertThat(client.on(c).call("echo", json("{'text':'without a session'}")).text())
          .contains("without a session");
    }
  }

  @Test
  void a_stream_goes_on_at_another_instance() throws Exception {
    try (var client = connectedTo(a)) {
      var stream = client.on(a).get().sse();
      Trio.send(b, client, "first");
      assertThat(stream.nextLog()).isEqualTo("first");
      stream.reset();
      Trio.send(c, client, "second");

      var resumed = client.on(b).resume(stream.requireLastEventId()).sse();
      assertThat(resumed.nextLog()).isEqualTo("second");
      Trio.send(c, client, "third");
      assertThat(resumed.nextLog()).isEqualTo("third");
    }
  }

  @Test
  void urls_say_https_and_the_jdks_client_comes_in() throws Exception {
    assertThat(a.url().getScheme()).isEqualTo("https");
    assertThat(cluster.database().sql("select url from trunkline.instance_directory").column())
        .contains(a.url().toString(), b.url().toString())
        .allMatch(url -> url.startsWith("https://"));
    try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
      var localhost = URI.create("https://localhost:" + a.url().getPort() + "/mcp");
      var post =
          HttpRequest.newBuilder(localhost)
              .header("Content-Type", "application/json")
              .header("Accept", "application/json, text/event-stream")
              .header("Origin", "https://localhost")
              .POST(
                  BodyPublishers.ofString(
                      json(
                          "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':"
                              + "'2025-11-25','capabilities':{},'clientInfo':{'name':'j','version':'1'}}}")))
              .build();
      var answer = client.send(post, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
    try (var stranger = HttpClient.newHttpClient()) {
      assertThatThrownBy(() ->
              stranger.send(HttpRequest.newBuilder(a.url()).build(), BodyHandlers.discarding()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void health_and_metrics_say_until_when_and_speak_tls_where_it_is_said() throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
      for (var place :
          List.of(
              a.url().resolve("/observe/"),
              URI.create("http://127.0.0.1:" + b.server().managementPort() + "/observe/"),
              URI.create("https://127.0.0.1:" + c.server().managementPort() + "/observe/"))) {
        var ready = HttpRequest.newBuilder(place.resolve("health/ready")).build();
        assertThat(client.send(ready, BodyHandlers.ofString()).body())
            .contains("\"certificate_expires\":\"20");
        var metrics = HttpRequest.newBuilder(place.resolve("metrics")).build();
        assertThat(client.send(metrics, BodyHandlers.ofString()).body())
            .containsPattern("(?m)^trunkline_tls_certificate_left_seconds 1[67]\\d{4}");
      }
    }
  }

  @Test
  void a_renewed_certificate_is_shown_to_new_connections_and_open_streams_go_on() throws Exception {
    try (var client = connectedTo(a)) {
      var stream = client.on(a).get().sse();
      Trio.send(b, client, "before");
      assertThat(stream.nextLog()).isEqualTo("before");
      var first = shownBy(a);

      var renewed = authority.issueServer("renewed");
      renew(renewed, certificate, key);
      for (var instance : List.of(a, b, c)) {
        instance.events().await(CertificateRead.class);
      }
      assertThat(shownBy(a)).isNotEqualTo(first).isEqualTo(shownBy(c));
      Trio.send(c, client, "after");
      assertThat(stream.nextLog()).isEqualTo("after");

      Files.writeString(key, "no key at all");
      a.events().await(CertificateUnread.class);
      assertThat(shownBy(a)).isNotEqualTo(first);
      Files.copy(renewed.key(), key, REPLACE_EXISTING);
      Trio.send(b, client, "still");
      assertThat(stream.nextLog()).isEqualTo("still");
      assertThat(stream.isEnded()).isFalse();
    }
  }

  @Test
  void a_key_that_does_not_fit_is_refused_before_anything_starts(@TempDir Path folder)
      throws IOException {
    var stranger = TestAuthority.create(folder);
    var config =
        ServerConfig.of(
            Map.of(
                "port",
                "0",
                "database-url",
                "jdbc:postgresql://127.0.0.1:1/nowhere",
                "tls-certificate",
                authority.serverCertificate().toString(),
                "tls-key",
                stranger.serverKey().toString()));

    assertThatThrownBy(() -> Server.start(config))
        .isInstanceOf(TlsUnusable.class)
        .hasMessageContaining("server.key")
        .hasMessageContaining("is not that of the first certificate");
  }
}
