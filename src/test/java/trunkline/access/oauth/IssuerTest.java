package trunkline.access.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.access.Authenticator.Verdict;
import trunkline.jsonrpc.Codec;
import trunkline.testing.TokenForge;

/// Goal: keys follow their issuer, an issuer that is away or slow harms as few as can be, and
/// nobody who sends tokens makes us ask it more than we would.
@Timeout(60)
class IssuerTest {
  private static final String NOT_SIGNED = "the token is not signed by its issuer";
  private static final String AWAY = "the identity provider does not answer";

  private final Provider provider = new Provider();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    provider.close();
    threads.close();
  }

  private static OAuthFixture ready(Provider... providers) throws InterruptedException {
    var fixture = OAuthFixture.of(providers);
    for (var _ : providers) {
      fixture.awaitKeysRead();
    }
    return fixture;
  }

  private String fresh(String subject) {
    return provider.token(subject).expiring(Duration.ofDays(1)).sign();
  }

  @Test
  void a_new_key_is_found_by_the_first_token_that_it_signs_and_a_lost_one_ends_what_it_began()
      throws Exception {
    var fixture = ready(provider);
    var old = fresh("alice");
    var before = (Verdict.Known) fixture.judge(old);

    provider.rotate("second");

    assertThat(fixture.refusal(old)).as("nothing says yet that it is gone").startsWith("taken as ");
    assertThat(fixture.refusal(fresh("alice"))).startsWith("taken as ");
    assertThat(before.standing().holds()).isFalse();
    assertThat(fixture.refusal(old)).isEqualTo(NOT_SIGNED);
  }

  @Test
  void keys_are_read_again_ahead_of_their_age_without_anybody_waiting() throws Exception {
    var fixture = ready(provider);
    var token = fresh("alice");
    var known = (Verdict.Known) fixture.judge(token);
    provider.rotate("second");

    fixture.after(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(known.standing().holds()).as("asked meanwhile").isTrue();
    fixture.awaitKeysRead();

    assertThat(known.standing().holds()).isFalse();
    assertThat(provider.keysAsked()).isEqualTo(2);
  }

  @Test
  void keys_that_nobody_used_for_long_are_read_before_they_count_again() throws Exception {
    var fixture = ready(provider);
    var token = fresh("alice");
    assertThat(fixture.refusal(token)).startsWith("taken as ");
    provider.rotate("second");

    assertThat(fixture.after(Duration.ofMinutes(30)).refusal(token)).isEqualTo(NOT_SIGNED);
  }

  @Test
  void unknown_keys_have_the_issuer_asked_a_few_times_and_then_rarely() throws Exception {
    var fixture = ready(provider);

    for (var i = 0; i < 100; i++) {
      var token =
          TokenForge.token(
              TokenForge.key("k" + i), provider.issuer(), Provider.AUDIENCE, "mallory");
      assertThat(fixture.refusal(token.sign())).isEqualTo(NOT_SIGNED);
    }
    assertThat(provider.keysAsked()).isEqualTo(1 + Issuer.UNKNOWN_AT_ONCE);

    fixture.after(Issuer.UNKNOWN_INTERVAL);
    provider.rotate("second");
    assertThat(fixture.refusal(fresh("alice"))).as("a true one meanwhile").startsWith("taken as ");
    assertThat(provider.keysAsked()).isEqualTo(2 + Issuer.UNKNOWN_AT_ONCE);
  }

  @Test
  void an_outage_is_survived_for_the_time_that_is_set() throws Exception {
    var fixture = ready(provider);
    var token = fresh("alice");
    var known = (Verdict.Known) fixture.judge(token);
    provider.failing(500);

    fixture.after(OAuthFixture.KEYS_AGE_MAX.plus(OAuthFixture.OUTAGE_MAX));
    assertThat(fixture.refusal(token)).startsWith("taken as ");
    assertThat(fixture.refusal(fresh("bob"))).startsWith("taken as ");
    assertThat(known.standing().holds()).isTrue();

    fixture.after(Duration.ofSeconds(1));
    assertThat(fixture.refusal(token)).isEqualTo(AWAY);
    assertThat(fixture.refusal(fresh("bob"))).isEqualTo(AWAY);
    assertThat(known.standing().holds()).isFalse();

    provider.healthy();
    assertThat(fixture.after(Issuer.RETRY_MAX).refusal(token)).startsWith("taken as ");
  }

  @Test
  void one_that_is_away_is_asked_more_and_more_rarely() throws Exception {
    provider.failing(503);
    var fixture = OAuthFixture.of(provider);
    fixture.awaitAway();
    var token = fresh("alice");

    for (var i = 0; i < 100; i++) {
      assertThat(fixture.refusal(token)).isEqualTo(AWAY);
    }
    assertThat(provider.asked("/realm/.well-known/openid-configuration")).isEqualTo(1);
    for (var i = 0; i < 240; i++) {
      assertThat(fixture.after(Duration.ofMillis(500)).refusal(token)).isEqualTo(AWAY);
    }
    assertThat(provider.asked("/realm/.well-known/openid-configuration"))
        .as("within two minutes: after 1, 2, 4, 8, 16, 30, 30 seconds")
        .isBetween(7, 9);
  }

  @Test
  void a_token_of_an_unknown_key_of_one_that_is_away_may_be_good() throws Exception {
    var fixture = ready(provider);
    var old = fresh("alice");
    provider.rotate("second");
    provider.failing(500);

    assertThat(fixture.refusal(fresh("alice"))).isEqualTo(AWAY);
    assertThat(fixture.refusal(fresh("alice"))).isEqualTo(AWAY);
    assertThat(fixture.refusal(old)).startsWith("taken as ");
  }

  @Test
  void one_that_is_slow_is_asked_once_and_holds_up_only_those_who_need_it() throws Exception {
    try (var other = new Provider()) {
      var fixture = ready(provider, other);
      var known = fresh("alice");
      provider.hold();
      provider.rotate("second");
      var waiting = new ArrayList<Future<String>>();
      for (var i = 0; i < 50; i++) {
        var token = fresh("bob");
        waiting.add(threads.submit(() -> fixture.refusal(token)));
      }
      provider.awaitHeld();

      assertThat(fixture.refusal(known)).startsWith("taken as ");
      assertThat(fixture.refusal(other.token("carol").sign())).startsWith("taken as ");
      assertThat(waiting).noneMatch(Future::isDone);

      provider.release();
      for (var each : waiting) {
        assertThat(each.get()).startsWith("taken as ");
      }
      assertThat(provider.keysAsked()).isEqualTo(2);
    }
  }

  @Test
  void two_issuers_with_the_same_subject_are_two_principals() throws Exception {
    try (var other = new Provider()) {
      var fixture = ready(provider, other);

      assertThat(fixture.refusal(fresh("alice")))
          .isEqualTo("taken as " + provider.issuer() + " alice");
      assertThat(fixture.refusal(other.token("alice").sign()))
          .isEqualTo("taken as " + other.issuer() + " alice");
      assertThat(
              fixture.refusal(
                  other.token("alice").claim("iss", "'" + provider.issuer() + "'").sign()))
          .isEqualTo(NOT_SIGNED);
    }
  }

  @Test
  void metadata_is_where_oauth_or_openid_has_it() {
    assertThat(ProviderMetadata.places("https://idp.example"))
        .containsExactly(
            URI.create("https://idp.example/.well-known/oauth-authorization-server"),
            URI.create("https://idp.example/.well-known/openid-configuration"));
    assertThat(ProviderMetadata.places("https://idp.example/"))
        .isEqualTo(ProviderMetadata.places("https://idp.example"));
    assertThat(ProviderMetadata.places("https://idp.example/realms/staff"))
        .containsExactly(
            URI.create("https://idp.example/.well-known/oauth-authorization-server/realms/staff"),
            URI.create("https://idp.example/.well-known/openid-configuration/realms/staff"),
            URI.create("https://idp.example/realms/staff/.well-known/openid-configuration"));
  }

  @Test
  void metadata_of_another_issuer_or_that_leads_to_an_open_line_is_not_taken() throws Exception {
    var issuer = "https://idp.example";
    for (var each :
        List.of(
            "{'issuer':'https://idp.example/','jwks_uri':'https://idp.example/k'}",
            "{'jwks_uri':'https://idp.example/k'}",
            "{'issuer':'https://idp.example','jwks_uri':'http://idp.example/k'}",
            "{'issuer':'https://idp.example','jwks_uri':'file:///etc/passwd'}",
            "{'issuer':'https://idp.example'}")) {
      assertThatThrownBy(read(issuer, each)::call).isInstanceOf(ProviderAway.class);
    }
    assertThat(
            read(issuer, "{'issuer':'https://idp.example','jwks_uri':'https://keys.example/k'}")
                .call())
        .extracting(ProviderMetadata::keys)
        .isEqualTo(URI.create("https://keys.example/k"));
  }

  private static Callable<ProviderMetadata> read(String issuer, String document) {
    return () -> ProviderMetadata.read(issuer, Codec.objectFrom(document.replace('\'', '"')));
  }

  @Test
  void an_answer_without_end_is_not_read_to_its_end() throws Exception {
    provider.say("/realm/keys", "{\"keys\":[\"" + "x".repeat(ProviderLink.BYTES_MAX) + "\"]}");
    var fixture = OAuthFixture.of(provider);

    fixture.awaitAway();
    assertThat(fixture.refusal(fresh("alice"))).isEqualTo(AWAY);
  }
}
