package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import trunkline.testing.EventLog;
import trunkline.testing.IdentityProvider;
import trunkline.testing.TestDatabase;
import trunkline.testing.TokenForge;

/// What the people of an [AccessTable] bring: headers, by the names that stand there.
final class AccessCredentials {
  static final String URL = "https://mcp.example/mcp";

  /// Nobody listens there.
  private static final String ABSENT = "http://127.0.0.1:1/absent";

  private static final String ALL_SCOPES = "mcp:use " + String.join(" ", AccessFeatures.SCOPES);

  private final IdentityProvider provider;
  private final TestDatabase db;
  private final Function<Map<String, String>, List<Integer>> statuses;
  private final Map<String, Map<String, String>> brought = new HashMap<>();

  /// @param statuses of a request that reaches nothing, with these headers, on each instance
  AccessCredentials(
      IdentityProvider provider,
      TestDatabase db,
      Function<Map<String, String>, List<Integer>> statuses) {
    this.provider = provider;
    this.db = db;
    this.statuses = statuses;
    brought.put("nothing", Map.of());
    brought.put("another scheme", Map.of("Authorization", "Basic YTpi"));
    brought.put("name from elsewhere", Map.of("X-User", "owner"));
    bearer("no token", "nonsense");
    bearer("expired token", staff("owner").expiring(Duration.ofMinutes(-1)).sign());
    bearer(
        "token for another audience",
        provider.token("staff", "https://other.example/mcp", "owner").scope(ALL_SCOPES).sign());
    bearer("token of another issuer", provider.token("others", URL, "owner").sign());
    bearer("token with a wrong signature", staff("owner").sign(TokenForge.key("staff-1")));
    bearer("token without any scope", provider.token("staff", URL, "owner").sign());
    bearer(
        "token of an absent issuer",
        TokenForge.token(TokenForge.key("absent-1"), ABSENT, URL, "owner").sign());
    bearer("token of the owner", staff("owner").sign());
    bearer("token with fewer scopes", staff("owner").scope("mcp:use kitchen:bake").sign());
    bearer("token of a stranger", staff("stranger").sign());
    withdraw();

    var key = key("owner", AccessFeatures.SCOPES);
    bearer("API key of the owner", key);
    bearer("API key with fewer scopes", key("owner", "kitchen:bake"));
    bearer("API key of a stranger", key("stranger", AccessFeatures.SCOPES));
    bearer("unknown API key", "tk_1_" + "A".repeat(43));
    bearer("malformed API key", key + "A");
    var expired = key("owner");
    db.sql(
        "update trunkline.api_keys set expires_at = clock_timestamp() where key_id = ?",
        KeyTrio.id(expired));
    bearer("expired API key", expired);
    revoke();
  }

  static List<String> issuers(IdentityProvider provider) {
    return List.of(provider.issuer("staff"), provider.issuer("withdrawn"), ABSENT);
  }

  Map<String, String> headers(String name) {
    return Objects.requireNonNull(brought.get(name), name);
  }

  boolean has(String name) {
    return brought.containsKey(name);
  }

  private TokenForge staff(String subject) {
    return provider.token("staff", URL, subject).scope(ALL_SCOPES).expiring(Duration.ofHours(1));
  }

  private String key(String subject, String... scopes) {
    return db.sql(
            "select trunkline.issue_key(?, ?::text[])",
            provider.issuer("staff") + " " + subject,
            "{" + String.join(",", scopes) + "}")
        .text();
  }

  private void bearer(String name, String token) {
    brought.put(name, bearing(token));
  }

  /// It let in, on both, until its issuer had another key.
  private void withdraw() {
    var withdrawn = provider.token("withdrawn", URL, "owner").scope("mcp:use").sign();
    bearer("token of a withdrawn key", withdrawn);
    requireLetIn(withdrawn);
    provider.rotate("withdrawn", "withdrawn-2");
    requireLetIn(provider.token("withdrawn", URL, "owner").scope("mcp:use").sign());
  }

  /// It let in, on both, until it was revoked.
  private void revoke() {
    var revoked = key("owner");
    bearer("revoked API key", revoked);
    requireLetIn(revoked);
    db.sql("select trunkline.revoke_key(?)", KeyTrio.id(revoked));
    await(revoked, 401);
  }

  private void requireLetIn(String token) {
    await(token, 405);
  }

  /// On both, each of which may have to ask somebody first.
  private void await(String token, int status) {
    var until = System.nanoTime() + EventLog.PATIENCE.toNanos();
    var seen = statuses.apply(bearing(token));
    while (!seen.stream().allMatch(each -> each == status)) {
      assertThat(System.nanoTime()).as("%s instead of %d", seen, status).isLessThan(until);
      seen = statuses.apply(bearing(token));
    }
  }

  private static Map<String, String> bearing(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }
}
