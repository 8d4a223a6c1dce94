package trunkline.scenario;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import trunkline.telemetry.ServerEvent.CertificateRead;
import trunkline.telemetry.ServerEvent.HandshakeFailed;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestAuthority;
import trunkline.testing.TestAuthority.Issued;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: a client is who its certificate says, on every instance and after its renewal; one that
/// nobody signed who may does not get in.
///
/// Two instances need a certificate, the third takes tokens as well.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificatesAcrossInstancesTest {
  /// SHA-256 of `open sesame`.
  private static final String SESAME =
      "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

  private final TestCluster cluster;
  private TestAuthority authority;
  private TestAuthority stranger;
  private Issued ada;
  private Issued renewedAda;
  private Issued eve;
  private Issued nameless;
  private Path trusted;
  private Instance a;
  private Instance b;
  private Instance open;

  ClientCertificatesAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    authority = TestAuthority.create(Files.createDirectory(folder.resolve("ours")));
    stranger = TestAuthority.create(Files.createDirectory(folder.resolve("theirs")));
    ada = authority.issue("ada", "CN=Ada Lovelace, O=Kitchen");
    renewedAda = authority.issue("renewed", "CN=Ada Lovelace, O=Bakery");
    eve = authority.issue("eve", "CN=Eve");
    nameless = authority.issue("nameless", "CN=anonymous");
    trusted = Files.copy(authority.certificate(), folder.resolve("clients.crt"));
    var tokens = Files.writeString(folder.resolve("tokens"), "bob " + SESAME + "\n");
    cluster
        .with(new ScenarioTools().catalog())
        .with("tls-certificate", authority.serverCertificate().toString())
        .with("tls-key", authority.serverKey().toString())
        .with("tls-client-ca", trusted.toString());
    a = cluster.start("a");
    b = cluster.start("b");
    open =
        cluster.start(
            "open", "tls-client-auth", "optional", "bearer-tokens-file", tokens.toString());
    for (var instance : List.of(a, b, open)) {
      instance.events().await(CertificateRead.class);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private McpTestClient showing(Issued certificate) {
    return new McpTestClient().withTls(authority.showing(certificate));
  }

  @Test
  void a_session_is_its_principals_whichever_certificate_names_it() throws Exception {
    try (var client = showing(ada);
        var renewed = showing(renewedAda);
        var other = showing(eve)) {
      client.on(a).connect(Trio.REVISION);
      assertThat(client.on(b).request("ping").status()).isEqualTo(200);
      assertThat(cluster.database().sql("select principal from trunkline.sessions").column())
          .contains("Ada Lovelace");

      renewed.withSession(client.sessionId(), Trio.REVISION);
      assertThat(renewed.on(open).request("ping").status()).isEqualTo(200);

      other.withSession(client.sessionId(), Trio.REVISION);
      for (var instance : List.of(a, b, open)) {
        assertThat(other.on(instance).request("ping").status()).isEqualTo(404);
        assertThat(other.on(instance).get().status()).isEqualTo(404);
        assertThat(other.on(instance).resume("1.0.0").status()).isEqualTo(404);
        assertThat(other.on(instance).delete().status()).isEqualTo(404);
      }
    }
    try (var client = new StatelessTestClient().withTls(authority.showing(ada))) {
      assertThat(client.on(b).request("tools/list", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void nobody_gets_in_without_a_certificate_where_one_is_required() throws Exception {
    try (var none = new McpTestClient().withTls(authority.trusting());
        var forged = new McpTestClient().withTls(forged())) {
      for (var client : List.of(none, forged)) {
        assertThatThrownBy(() -> client.on(a).request("ping"))
            .isInstanceOf(UncheckedIOException.class);
        a.events().await(HandshakeFailed.class);
      }
      assertThatThrownBy(() -> forged.on(open).request("ping"))
          .isInstanceOf(UncheckedIOException.class);
      open.events().await(HandshakeFailed.class);
    }
  }

  /// Believes our server, and shows a certificate of somebody else for the same name.
  private SSLContext forged() {
    return stranger.showing(stranger.issue("ada", "CN=Ada Lovelace"), authority);
  }

  @Test
  void where_it_is_optional_a_token_says_more_and_nothing_is_a_401() throws Exception {
    try (var none = new McpTestClient().withTls(authority.trusting());
        var token = new McpTestClient().withTls(authority.trusting());
        var both = showing(ada);
        var wrong = showing(ada);
        var certificate = showing(ada)) {
      assertThat(none.on(open).initialize(Trio.REVISION, "{}").status()).isEqualTo(401);
      token.withHeader("Authorization", "Bearer open sesame").on(open).connect(Trio.REVISION);
      both.withHeader("Authorization", "Bearer open sesame")
          .withSession(token.sessionId(), Trio.REVISION);
      assertThat(both.on(open).request("ping").status()).isEqualTo(200);
      wrong.withHeader("Authorization", "Bearer wrong");
      var refused = wrong.on(open).initialize(Trio.REVISION, "{}");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("www-authenticate")).contains("invalid_token");
      certificate.withSession(token.sessionId(), Trio.REVISION);
      assertThat(certificate.on(open).request("ping").status()).isEqualTo(404);
    }
  }

  @Test
  void a_certificate_that_names_nobody_is_a_403() {
    try (var client = showing(nameless)) {
      var refused = client.on(a).initialize(Trio.REVISION, "{}");

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("--tls-principal cn");
    }
  }

  @Test
  void an_authority_that_is_taken_out_ends_what_its_clients_may_do_on_open_connections_too()
      throws Exception {
    try (var client = showing(ada)) {
      client.on(a).connect(Trio.REVISION);
      assertThat(client.on(a).request("ping").status()).isEqualTo(200);

      replaceTrusted(stranger.certificate());
      var refused = client.on(a).request("ping"); // on the connection that it has
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("www-authenticate")).isEqualTo("Certificate");
      try (var next = showing(ada)) {
        assertThatThrownBy(() -> next.on(a).request("ping"))
            .isInstanceOf(UncheckedIOException.class);
      }
    } finally {
      replaceTrusted(authority.certificate());
    }
  }

  private void replaceTrusted(Path certificate) throws Exception {
    Files.copy(certificate, trusted, REPLACE_EXISTING);
    for (var instance : List.of(a, b, open)) {
      instance.events().await(CertificateRead.class);
    }
  }
}
