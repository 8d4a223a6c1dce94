package trunkline.access.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.access.Authenticator.Verdict;
import trunkline.testing.Json;

/// Goal: an opaque token is what its issuer says, asked as seldom as the stated ages allow.
@Timeout(60)
class OpaqueTokensTest {
  private static final String PATH = "/realm/introspect";

  private final Provider provider = new Provider();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private OAuthFixture fixture;
  private Path secret;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    secret = Files.writeString(folder.resolve("secret"), "s:cret\n");
    fixture = OAuthFixture.introspecting(provider, secret);
    provider.introspecting(
        form -> answers.getOrDefault(form.split("[=&]", -1)[1], "{\"active\":false}"));
  }

  @AfterEach
  void end() {
    provider.close();
  }

  private void active(String token, String more) {
    answers.put(
        token,
        "{\"active\":true,\"sub\":\"alice\",\"aud\":\"%s\"%s}"
            .formatted(Provider.AUDIENCE, Json.json(more)));
  }

  private String refusal(String token) {
    return switch (fixture.judgeOpaque(token)) {
      case Verdict.Unknown(var reason, _) -> reason;
      case Verdict.Known(var principal, _, _, _) -> "taken as " + principal.name();
      case Verdict.Unavailable _ -> "away";
      default -> "?";
    };
  }

  @Test
  void its_issuer_is_asked_as_the_client_that_is_configured_and_once_a_minute() {
    active("t1", ",'scope':'a b','username':'Al'");

    var known = (Verdict.Known) fixture.judgeOpaque("t1");

    assertThat(known.principal().name()).isEqualTo(provider.issuer() + " alice");
    assertThat(known.credential().scopes().names()).containsExactlyInAnyOrder("a", "b");
    assertThat(known.credential().id()).startsWith("token:").doesNotContain("t1");
    assertThat(known.claims().path("username").asString()).isEqualTo("Al");
    assertThat(provider.authorization())
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("trunk%3Aline:s%3Acret".getBytes(StandardCharsets.UTF_8)));
    assertThat(refusal("t1")).startsWith("taken as ");
    fixture.after(Duration.ofSeconds(59));
    assertThat(refusal("t1")).startsWith("taken as ");
    assertThat(provider.asked(PATH)).isEqualTo(1);

    answers.clear();
    fixture.after(Duration.ofSeconds(1));
    assertThat(refusal("t1")).isEqualTo("the token is not active");
    assertThat(provider.asked(PATH)).isEqualTo(2);
  }

  @Test
  void what_it_says_has_to_be_right_as_in_a_signed_token() {
    active("issuer", ",'iss':'https://other.example'");
    active("kind", ",'token_type':'DPoP'");
    active("key", ",'cnf':{'jkt':'x'}");
    active("over", ",'exp':1000");
    answers.put("audience", "{\"active\":true,\"sub\":\"alice\"}");
    answers.put("nobody", "{\"active\":true,\"aud\":\"%s\"}".formatted(Provider.AUDIENCE));
    answers.put("text", "{\"active\":\"true\",\"sub\":\"alice\",\"aud\":\"x\"}");

    assertThat(refusal("issuer")).isEqualTo("the token is of another issuer");
    assertThat(refusal("kind")).isEqualTo("that is no access token");
    assertThat(refusal("key")).contains("cnf");
    assertThat(refusal("over")).isEqualTo("the token has expired");
    assertThat(refusal("audience")).isEqualTo("the token is for another audience");
    assertThat(refusal("nobody")).isEqualTo("the token has no claim sub");
    assertThat(refusal("unheard-of")).isEqualTo("the token is not active");
  }

  @Test
  void a_refusal_is_remembered_for_ten_seconds() {
    assertThat(refusal("t")).isEqualTo("the token is not active");
    active("t", "");
    assertThat(refusal("t")).isEqualTo("the token is not active");
    fixture.after(OpaqueTokens.REFUSED_REMEMBERED);
    assertThat(refusal("t")).startsWith("taken as ");
    assertThat(provider.asked(PATH)).isEqualTo(2);
  }

  @Test
  void one_token_is_asked_about_once_at_a_time_and_few_together() throws Exception {
    active("same", "");
    var _ = refusal("warm"); // the metadata
    provider.hold();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var same = new ArrayList<Future<String>>();
      for (var i = 0; i < 20; i++) {
        same.add(threads.submit(() -> refusal("same")));
      }
      provider.awaitHeld();
      var others = new ExecutorCompletionService<String>(threads);
      for (var i = 0; i < 3 * OpaqueTokens.AT_ONCE; i++) {
        var token = "other-" + i;
        var _ = others.submit(() -> refusal(token));
      }
      var refused = new ArrayList<String>();
      while (refused.size() < 2 * OpaqueTokens.AT_ONCE + 1) {
        refused.add(others.take().get());
      }
      assertThat(refused).containsOnly("away");
      assertThat(provider.asked(PATH)).isEqualTo(1 + OpaqueTokens.AT_ONCE);

      provider.release();
      for (var each : same) {
        assertThat(each.get()).startsWith("taken as ");
      }
      for (var i = 1; i < OpaqueTokens.AT_ONCE; i++) {
        assertThat(others.take().get()).isEqualTo("the token is not active");
      }
    }
  }

  @Test
  void nothing_is_known_while_it_is_away_and_open_streams_stay_for_the_time_that_is_set() {
    active("t", ",'exp':9999999999");
    var known = (Verdict.Known) fixture.judgeOpaque("t");
    provider.failing(500);
    fixture.after(Duration.ofSeconds(61));

    assertThat(refusal("t")).isEqualTo("away");
    assertThat(known.standing().holds()).isTrue();

    fixture.after(OAuthFixture.OUTAGE_MAX);
    assertThat(known.standing().holds()).isFalse();
  }

  @Test
  void a_revoked_token_ends_what_it_began_within_two_minutes() throws Exception {
    active("t", "");
    var known = (Verdict.Known) fixture.judgeOpaque("t");
    answers.clear();

    assertThat(known.standing().holds()).isTrue();
    fixture.after(Duration.ofSeconds(61));
    while (known.standing().holds()) { // it asks meanwhile
      Thread.onSpinWait();
    }
    assertThat(provider.asked(PATH)).isEqualTo(2);
  }

  @Test
  void a_secret_that_cannot_be_read_is_no_fault_of_the_token() throws IOException {
    active("t", "");
    Files.delete(secret);
    assertThat(refusal("t")).isEqualTo("away");

    Files.writeString(secret, "other");
    fixture.after(Duration.ofSeconds(1));
    assertThat(refusal("t")).startsWith("taken as ");
  }
}
