package trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.audit.AuditKind;
import trunkline.audit.AuditMode;
import trunkline.audit.AuditPolicy;
import trunkline.http.HttpPolicy;
import trunkline.http.HttpSettings;
import trunkline.protocol.around.ToolLimits;
import trunkline.protocol.run.ProtocolPolicy;
import trunkline.rate.RatePolicy;
import trunkline.session.SessionPolicy;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.store.DatabaseSettings;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Password;
import trunkline.stream.StreamPolicy;
import trunkline.task.TaskPolicy;
import trunkline.tls.ClientAuth;
import trunkline.tls.SubjectPart;
import trunkline.tls.TlsSettings;

class ServerConfigTest {
  @TempDir private Path folder;

  @Test
  void without_a_word_it_is_an_embedded_database_and_a_loopback_listener() {
    var config = ServerConfig.of(Map.of());

    assertThat(config.http())
        .isEqualTo(
            new HttpSettings(
                "localhost",
                8080,
                Set.of("localhost"),
                Set.of(),
                HttpPolicy.of(Duration.ofSeconds(15), 4 << 20)));
    assertThat(config.database())
        .isEqualTo(new DatabaseChoice.Embedded(Path.of(".trunkline", "postgres"), 10));
    assertThat(config.features()).containsExactly("sample");
    assertThat(config.policies())
        .isEqualTo(
            new Policies(
                Duration.ofSeconds(10),
                new DrainPolicy(Duration.ZERO, Duration.ofSeconds(15)),
                SignalPolicy.of(NotifyMode.IF_POSSIBLE),
                SessionPolicy.of(Duration.ofMinutes(30), Duration.ofDays(1), 1_000, 50_000),
                StreamPolicy.of(1_000, Duration.ofHours(1), false, 256, 3, 4 << 20),
                TaskPolicy.of(Duration.ofDays(1), 100, 1000),
                ProtocolPolicy.of(Duration.ofSeconds(60), 64, 256, 1000, 100, 10_000),
                AuditPolicy.of(
                    AuditMode.OFF,
                    Duration.ofDays(90),
                    EnumSet.of(
                        AuditKind.CALLS,
                        AuditKind.READS,
                        AuditKind.PROMPTS,
                        AuditKind.TASKS,
                        AuditKind.SESSIONS,
                        AuditKind.DENIALS)),
                new ToolLimits(Map.of(), Duration.ZERO, Map.of(), Duration.ofSeconds(20)),
                RatePolicy.NONE,
                30));
  }

  @Test
  void the_command_line_wins_over_the_environment_and_that_over_the_file() throws IOException {
    var file = Files.writeString(folder.resolve("own.properties"), "port=1\nlease=3s\nhost=f\n");
    var environment = Map.of("TRUNKLINE_PORT", "2", "TRUNKLINE_LEASE", "4s", "HOME", "/");

    var config =
        parse(
            environment,
            Map.of(Option.CONFIG, file.toString(), Option.PORT, "3", Option.POLL_ONLY, "true"));

    assertThat(config.http().port()).isEqualTo(3);
    assertThat(config.policies().lease()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.http().host()).isEqualTo("f");
    assertThat(config.policies().signals().listening()).isEqualTo(NotifyMode.NEVER);
  }

  @Test
  void settings_of_catalogs_come_from_everywhere_in_the_same_order() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("own.properties"), "set.shop.url=f\nset.shop.limit=f\nset.shop.a-b=f\n");
    var environment = Map.of("TRUNKLINE_SET_SHOP_URL", "e", "TRUNKLINE_SET_SHOP_LIMIT", "e");

    var config =
        parse(
            environment,
            Map.of(Option.CONFIG, file.toString(), Option.SET, "shop.url=c=d\nbar.x=\nbar.x=2"));

    assertThat(config.settings())
        .isEqualTo(Map.of("shop.url", "c=d", "shop.limit", "e", "shop.a.b", "f", "bar.x", "2"));
    assertThat(ServerConfig.of(Map.of("set.shop.url", "x")).settings())
        .isEqualTo(Map.of("shop.url", "x"));
    assertRefused(() -> ServerConfig.of(Map.of("set", "url")))
        .isEqualTo("set: 'url' is not a catalog's setting such as shop.url=https://shop.example");
  }

  @Test
  void instructions_come_from_one_place() throws IOException {
    var file = Files.writeString(folder.resolve("use"), "Use wisely.\n").toString();

    assertThat(ServerConfig.of(Map.of("instructions-file", file)).identity().instructions())
        .contains("Use wisely.");
    assertRefused(() -> ServerConfig.of(Map.of("instructions-file", file, "instructions", "x")))
        .isEqualTo("give --instructions or --instructions-file, not both");
  }

  @Test
  void issuers_are_given_with_what_they_need() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "s").toString();
    var issuers = "https://a.example/\nhttps://b.example , http://localhost:1";
    var url = "https://mcp.example/mcp";

    var policy = ServerConfig.of(Map.of("oidc-issuer", issuers, "public-url", url)).trust().oauth();

    assertThat(policy)
        .hasValueSatisfying(given -> {
          assertThat(given.resource().issuers())
              .containsExactly("https://a.example/", "https://b.example", "http://localhost:1");
          assertThat(given.audiences()).containsExactly(url);
          assertThat(given.principalClaim()).isEqualTo("sub");
          assertThat(given.introspection()).isEmpty();
        });
    assertThat(ServerConfig.of(Map.of("public-url", url)).http().allowedHosts())
        .contains("mcp.example");
    assertRefused(() ->
            ServerConfig.of(
                Map.of(
                    "oidc-issuer", issuers,
                    "public-url", url,
                    "oidc-scopes", "a,offline_access")))
        .startsWith("oidc-scopes: 'a,offline_access' is not scopes such as mcp:use");
    assertRefused(() -> ServerConfig.of(Map.of("oidc-issuer", issuers)))
        .startsWith("oidc-issuer needs a --public-url");
    assertRefused(() -> ServerConfig.of(Map.of("oidc-issuer", issuers, "public-url", url + "/")))
        .startsWith("public-url: the public URL is as clients type it");
    assertRefused(() -> ServerConfig.of(Map.of("oidc-scopes", "x")))
        .as("nobody would ask for tokens")
        .isEqualTo("oidc-scopes needs an --oidc-issuer");
    assertRefused(() ->
            ServerConfig.of(
                Map.of(
                    "oidc-issuer", issuers,
                    "public-url", url,
                    "oidc-introspection-secret-file", secret)))
        .contains("--oidc-introspection-client");
    assertRefused(() ->
            ServerConfig.of(
                Map.of(
                    "oidc-issuer", issuers,
                    "public-url", url,
                    "oidc-introspection-client", "c",
                    "oidc-introspection-secret-file", secret,
                    "oidc-introspection-url", "http://idp.example/i")))
        .contains("a secret is sent there");
  }

  @Test
  void an_unknown_name_is_refused_wherever_it_stands() throws IOException {
    var file = Files.writeString(folder.resolve("own.properties"), "databse-url=x\n");

    assertRefused(() -> parse(Map.of("TRUNKLINE_LEESE", "1s"), Map.of()))
        .isEqualTo(
            "unknown option TRUNKLINE_LEESE in the environment: did you mean TRUNKLINE_LEASE?");
    assertRefused(() -> parse(Map.of(), Map.of(Option.CONFIG, file.toString())))
        .isEqualTo("unknown option databse-url in " + file + ": did you mean database-url?");
  }

  @Test
  void what_kubernetes_says_of_a_service_of_that_name_is_no_option() {
    var environment =
        Map.of(
            "TRUNKLINE_SERVICE_HOST", "10.0.0.1",
            "TRUNKLINE_PORT", "tcp://10.0.0.1:80",
            "TRUNKLINE_PORT_80_TCP_ADDR", "10.0.0.1");

    assertThat(parse(environment, Map.of()).http().port()).isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port                     | 65536           | 'a number from 0 to 65535'
          port                     | http            | 'a number from 0 to 65535'
          lease                    | 10              | 'a duration from 1s to 1h'
          lease                    | 2h              | 'a duration from 1s to 1h'
          keep-alive               | 5min            | 'a duration from 100ms to 1h'
          body-bytes-max           | 4g              | 'a size from 1024 to 268435456 bytes'
          poll-only                | maybe           | 'true or false'
          log-level                | loud            | 'one of error, warn, info, debug, trace'
          advertise                | 10.0.0.1:80     | 'a URL such as'
          database-url             | mysql://x/y     | '''embedded'' or a URL'
          database-pool-size       | 3               | 'a number from 4 to 200'
          allowed-hosts            | https://a.org   | 'names such as mcp.example'
          allowed-hosts            | 'a.org,b c'     | 'names such as mcp.example'
          allowed-origins          | a.org           | 'origins such as https://app.example'
          trusted-proxies          | 10.0.0.0/33     | 'addresses or networks'
          trusted-proxies          | proxy.example   | 'addresses or networks'
          bearer-tokens-file       | /does/not/exist | 'a file that can be read'
          oidc-issuer              | http://idp.example | 'an https URL without query'
          oidc-issuer              | https://idp.example?x | 'an https URL without query'
          request-headers          | 'X-A, X B'      | 'names of headers such as X-Tenant'
          server-website           | shop.example    | 'a URL such as'
          sessions-max             | 0               | 'a number from 1 to 10000000'
          principal-sessions-max   | 1000001         | 'a number from 1 to 1000000'
          session-calls-max        | 0               | 'a number from 1 to 100000'
          session-streams-max      | none            | 'a number from 1 to 100000'
          session-connections-max  | 1               | 'a number from 2 to 100'
          session-questions-max    | -1              | 'a number from 1 to 10000'
          calls-max                | 1e3             | 'a number from 1 to 1000000'
          session-tasks-max        | 0               | 'a number from 1 to 100000'
          task-ttl-max             | 31d             | 'a duration from 1s to 30d'
          memory-share             | 4               | 'a number from 5 to 80'
          message-bytes-max        | 4095            | 'a size from 4096 to 67108864 bytes'
          """)
  void a_wrong_value_is_refused_with_its_limits(String option, String value, String limits) {
    assertRefused(() -> ServerConfig.of(Map.of(option, value)))
        .startsWith(option + ": '" + value + "' is not ")
        .contains(limits);
  }

  @Test
  void options_that_contradict_each_other_are_refused() {
    assertRefused(() -> ServerConfig.of(Map.of("poll-only", "true", "require-notify", "true")))
        .contains("--poll-only and --require-notify");
    assertRefused(() -> ServerConfig.of(Map.of("trusted-principal-header", "X-User")))
        .contains("--trusted-proxies");
    assertRefused(() -> ServerConfig.of(Map.of("database-user", "me")))
        .isEqualTo("database-user needs a --database-url of a PostgreSQL of your own");
    assertRefused(() ->
            ServerConfig.of(
                Map.of(
                    "database-url", "jdbc:postgresql://db/x",
                    "database-password", "a",
                    "database-password-file", "b")))
        .contains("not both");
  }

  @Test
  void a_stronger_source_replaces_a_secret_whatever_form_it_has() throws IOException {
    var password = Files.writeString(folder.resolve("password"), "from a file\n").toString();
    var url = Files.writeString(folder.resolve("url"), "postgres://u:of-the-url@db/x\n").toString();
    var environment =
        Map.of(
            "TRUNKLINE_DATABASE_URL", "postgres://u:p@elsewhere/x",
            "TRUNKLINE_DATABASE_PASSWORD", "of the environment");

    assertThat(revealed(environment, Map.of())).isEqualTo("of the environment");
    assertThat(revealed(environment, Map.of(Option.DATABASE_PASSWORD_FILE, password)))
        .isEqualTo("from a file");
    var file = Map.of(Option.DATABASE_URL_FILE, url);
    assertThat(external(Map.of("TRUNKLINE_DATABASE_URL", "postgres://elsewhere/x"), file).url())
        .isEqualTo("jdbc:postgresql://db/x");
    assertThat(revealed(Map.of(), file)).isEqualTo("of-the-url");
    assertThat(external(Map.of("TRUNKLINE_DATABASE_URL_FILE", url), Map.of()).user())
        .isEqualTo("u");
    assertRefused(() ->
            parse(
                Map.of(),
                Map.of(Option.DATABASE_URL, "postgres://x/y", Option.DATABASE_URL_FILE, url)))
        .isEqualTo("give --database-url or --database-url-file, not both");
  }

  @Test
  void a_url_in_a_file_gives_its_new_password_to_the_next_connection() throws IOException {
    var file = Files.writeString(folder.resolve("url"), "postgres://u:first@db/x\n");
    var password = external(Map.of(), Map.of(Option.DATABASE_URL_FILE, file.toString())).password();
    assertThat(password.reveal()).isEqualTo("first");

    Files.writeString(file, "postgres://u:second@db/x\n");
    assertThat(password.reveal()).isEqualTo("second");

    Files.delete(file);
    assertThatThrownBy(password::reveal)
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining(file + ": there is no such file");
  }

  @Test
  void a_wrong_url_is_refused_without_its_password() throws IOException {
    var url = "postgres://u:s3cret@db:port/x";
    var file = Files.writeString(folder.resolve("url"), url).toString();

    assertRefused(() -> parse(Map.of("TRUNKLINE_DATABASE_URL", url), Map.of()))
        .startsWith("TRUNKLINE_DATABASE_URL: what stands for the port is no number")
        .doesNotContain("s3cret");
    assertRefused(() -> parse(Map.of(), Map.of(Option.DATABASE_URL_FILE, file)))
        .startsWith("--database-url-file: in " + file + ", what stands for the port")
        .doesNotContain("s3cret");
    assertRefused(() -> ServerConfig.of(Map.of("database-url", "mysql://u:s3cret@db/x")))
        .contains("is not 'embedded' or a URL such as postgresql://")
        .doesNotContain("s3cret");
  }

  private static String revealed(Map<String, String> environment, Map<Option, String> commandLine) {
    return external(environment, commandLine).password().reveal();
  }

  private static DatabaseSettings external(
      Map<String, String> environment, Map<Option, String> commandLine) {
    return ((DatabaseChoice.External) parse(environment, commandLine).database()).settings();
  }

  /// Nobody waits for a balancer that cannot be there, unless told to.
  @Test
  void an_embedded_database_is_left_at_once_and_another_after_a_delay() {
    var external = Map.of("database-url", "jdbc:postgresql://db/trunkline");

    assertThat(drain(Map.of())).isEqualTo(new DrainPolicy(Duration.ZERO, Duration.ofSeconds(15)));
    assertThat(drain(Map.of("drain-delay", "3s")).delay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(drain(external).delay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(drain(external).longest()).isEqualTo(Duration.ofSeconds(28));
  }

  private static DrainPolicy drain(Map<String, String> values) {
    return ServerConfig.of(values).policies().drain();
  }

  @Test
  void user_and_password_leave_the_url_and_the_rest_stays() {
    var config =
        ServerConfig.of(
            Map.of(
                "database-url",
                "jdbc:postgresql://db/x?user=u&sslmode=verify-full&password=p%2Bq",
                "database-direct-url",
                "jdbc:postgresql://direct/x?password=p"));

    var settings = ((DatabaseChoice.External) config.database()).settings();

    assertThat(settings.url()).isEqualTo("jdbc:postgresql://db/x?sslmode=verify-full");
    assertThat(settings.directUrl()).isEqualTo("jdbc:postgresql://direct/x");
    assertThat(settings.user()).isEqualTo("u");
    assertThat(settings.password().reveal()).isEqualTo("p+q");
    assertThat(config.toString()).doesNotContain("p+q", "p%2Bq");
  }

  @Test
  void a_password_file_is_read_anew_each_time() throws IOException {
    var file = Files.writeString(folder.resolve("password"), "first\n");
    var config =
        ServerConfig.of(
            Map.of(
                "database-url",
                "jdbc:postgresql://db/x",
                "database-password-file",
                file.toString()));

    Password password = ((DatabaseChoice.External) config.database()).settings().password();
    assertThat(password.reveal()).isEqualTo("first");
    Files.writeString(file, "second\n");
    assertThat(password.reveal()).isEqualTo("second");
  }

  @Test
  void hosts_follow_from_where_it_listens_and_what_it_advertises() {
    var listening =
        ServerConfig.of(Map.of("host", "fd00::5", "advertise", "https://MCP.example/mcp")).http();
    var everywhere = ServerConfig.of(Map.of("host", "0.0.0.0")).http();
    var named = ServerConfig.of(Map.of("allowed-hosts", "a.example, b.example")).http();

    assertThat(listening.allowedHosts()).containsExactlyInAnyOrder("[fd00::5]", "MCP.example");
    assertThat(everywhere.allowedHosts()).isEmpty();
    assertThat(named.allowedHosts())
        .containsExactlyInAnyOrder("a.example", "b.example", "localhost");
  }

  @Test
  void what_tls_needs_is_asked_for_and_its_clients_are_known_by_their_common_name()
      throws IOException {
    var pem = Files.writeString(folder.resolve("tls.pem"), "").toString();
    var pair = Map.of("tls-certificate", pem, "tls-key", pem);

    assertThat(ServerConfig.of(Map.of()).http().tls()).isEmpty();
    assertThat(ServerConfig.of(pair).http().tls())
        .contains(new TlsSettings(Path.of(pem), Path.of(pem), Optional.empty(), false));
    assertThat(ServerConfig.of(pair).trust().certificate()).isEmpty();
    var trusting = ServerConfig.of(with(pair, "tls-client-ca", pem));
    assertThat(trusting.trust().certificate()).contains(SubjectPart.CN);
    assertThat(trusting.http().tls().orElseThrow().clients())
        .contains(new TlsSettings.Clients(Path.of(pem), ClientAuth.REQUIRED));
    assertThat(
            ServerConfig.of(with(pair, "tls-client-ca", pem, "tls-principal", "none"))
                .trust()
                .certificate())
        .isEmpty();

    assertRefused(() -> ServerConfig.of(Map.of("tls-certificate", pem)))
        .endsWith("needs --tls-key");
    for (var lonely : List.of("tls-key", "tls-client-ca")) {
      assertRefused(() -> ServerConfig.of(Map.of(lonely, pem))).endsWith("needs --tls-certificate");
    }
    assertRefused(() -> ServerConfig.of(with(pair, "tls-client-auth", "optional")))
        .endsWith("needs --tls-client-ca");
    assertRefused(() -> ServerConfig.of(with(pair, "tls-principal", "uri")))
        .endsWith("needs --tls-client-ca");
    assertRefused(() -> ServerConfig.of(with(pair, "management-tls", "true")))
        .endsWith("needs --management-port");
  }

  private static Map<String, String> with(Map<String, String> given, String... more) {
    var all = new HashMap<>(given);
    for (var i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static ServerConfig parse(
      Map<String, String> environment, Map<Option, String> commandLine) {
    return ServerConfig.read(Options.resolve(commandLine, environment));
  }

  private static AbstractStringAssert<?> assertRefused(ThrowingCallable read) {
    return assertThatThrownBy(read).isInstanceOf(Refusal.class).message();
  }
}
