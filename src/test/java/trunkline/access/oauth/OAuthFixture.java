package trunkline.access.oauth;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import trunkline.access.Authenticator;
import trunkline.access.Authenticator.Verdict;
import trunkline.telemetry.ServerEvent;

/// What judges tokens, by a clock of the test's, and what it said meanwhile.
final class OAuthFixture {
  static final URI URL = URI.create(Provider.AUDIENCE);
  static final Duration KEYS_AGE_MAX = Duration.ofMinutes(10);
  static final Duration OUTAGE_MAX = Duration.ofHours(1);

  private final AtomicLong passed = new AtomicLong();
  private final Instant start = Clock.systemUTC().instant();
  private final BlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
  private final OAuthTokens tokens;

  OAuthFixture(OAuthPolicy policy) {
    var times = new Times(() -> start.plusNanos(passed.get()), passed::get);
    this.tokens = OAuthTokens.of(policy, times, events::add);
  }

  static OAuthFixture of(Provider... providers) {
    return new OAuthFixture(policy(List.of(), Optional.empty(), providers));
  }

  static OAuthFixture introspecting(Provider provider, Path secret) {
    var asking = new OAuthPolicy.Introspecting(Optional.empty(), "trunk:line", secret);
    return new OAuthFixture(policy(List.of(), Optional.of(asking), provider));
  }

  static OAuthPolicy policy(
      List<String> scopes,
      Optional<OAuthPolicy.Introspecting> introspection,
      Provider... providers) {
    var issuers = List.of(providers).stream().map(Provider::issuer).toList();
    return new OAuthPolicy(
        new ProtectedResource(URL, issuers, scopes),
        Set.of(Provider.AUDIENCE),
        "sub",
        Optional.empty(),
        KEYS_AGE_MAX,
        OUTAGE_MAX,
        introspection);
  }

  /// Lets time pass.
  OAuthFixture after(Duration time) {
    passed.addAndGet(time.toNanos());
    return this;
  }

  Verdict judge(String token) {
    return tokens.signed().judge(bearing(token));
  }

  Verdict judgeOpaque(String token) {
    return tokens.opaque().orElseThrow().judge(bearing(token));
  }

  static Authenticator.Credentials bearing(String token) {
    return new Authenticator.Credentials(
        InetAddress.getLoopbackAddress(),
        name -> name.equals("authorization") ? Optional.of("Bearer " + token) : Optional.empty());
  }

  /// Why it is not taken.
  String refusal(String token) {
    return switch (judge(token)) {
      case Verdict.Unknown(var reason, _) -> reason;
      case Verdict.Known(var principal, _, _, _) -> "taken as " + principal.name();
      case Verdict.Unavailable(var reason) -> reason;
      default -> "?";
    };
  }

  /// Waits until the keys were read so many times more.
  void awaitKeysRead() throws InterruptedException {
    await(ServerEvent.IssuerKeysRead.class);
  }

  void awaitAway() throws InterruptedException {
    await(ServerEvent.IssuerAway.class);
  }

  <E extends ServerEvent> E await(Class<E> kind) throws InterruptedException {
    while (true) {
      var event = events.poll(20, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no " + kind.getSimpleName());
      }
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }
}
